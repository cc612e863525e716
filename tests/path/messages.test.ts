import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RecordId } from '../../schemas/ids';
import { EVENTS } from '../../store/events';
import { OUTGOING_MESSAGES } from '../../store/outgoing-messages';
import { runRule } from '../../workers/dispatch/run-rule';
import { custom } from '../servers/draw';
import { makeWebhook } from '../servers/make';
import { type MailServer, openMailServer } from '../servers/open-mail-server';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openRuleCaller } from '../servers/open-rule-caller';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { until } from '../servers/until';

const PATIENCE_MS = 60_000;

let api: TestApi;
let ada: ReturnType<typeof openRuleCaller>;
let mails: MailServer;
let receiver: Receiver;
beforeAll(async () => {
  mails = await openMailServer();
  receiver = await openReceiver();
  api = await openTestApi({ isWorking: true, smtpUrl: mails.url });
  ada = openRuleCaller(api);
  await ada.switchFeatures({ globalRules: true });
});
afterAll(async () => {
  await api.close();
  await mails.close();
  await receiver.close();
});

const makeMessage = async (settings: object): Promise<string> => {
  const answer = await api.ada.call('POST', '/v1/messages', { settings });
  expect([answer.status, answer.body.problems]).toEqual([201, undefined]);
  return answer.body.id;
};
const email = (more: object = {}) =>
  makeMessage({
    kind: 'email',
    name: 'Welcome',
    subject: 'Hi [First Name|friend]',
    body: 'Dear [First Name],',
    ...more,
  });
const outgoingOf = async (recordId: RecordId) => (await ada.get(`/v1/outgoing-messages?recordId=${recordId}`)).items;
const untilOver = (recordId: RecordId, count = 1) =>
  until(
    'the message to be over',
    async () => {
      const items = await outgoingOf(recordId);
      return items.length === count && items.every(({ status }: { status: string }) => status !== 'queued') && items;
    },
    PATIENCE_MS,
  );
const mailsTo = (address: string) => mails.arrivals.filter(({ to }) => to.includes(address));

test('a rule sends an e-mail to the record, with its values filled in, once', async () => {
  const messageId = await email({ format: 'html', body: '<p>Dear [First Name],</p>' });
  const ruleId = await ada.makeRule({ events: [custom('joined')], actions: [{ kind: 'send-email', messageId }] });
  const recordId = await ada.makeContact({ firstname: 'Ada <Löwe>', email: 'ada@example.com' });
  await ada.say(recordId, 'joined');
  expect(await ada.whyNot(ruleId, recordId)).toBe('true: sent the message Welcome');
  const [row] = await untilOver(recordId);
  expect(row).toMatchObject({
    ...{
      kind: 'email',
      messageId,
      recordId,
      ruleId,
      name: 'Rule',
      status: 'sent',
      attempts: 1,
      way: 'smtp',
      error: null,
    },
    ...{ to: 'ada@example.com', subject: 'Hi Ada <Löwe>', body: '<p>Dear Ada &#60;Löwe&#62;,</p>', deliveryId: null },
  });
  const [{ eventId }] = await ada.evaluations(ruleId, recordId);
  const event = await api.system.db.model(EVENTS).findById(eventId).lean();
  await runRule(api.system, event as never, ruleId);
  expect(await outgoingOf(recordId)).toHaveLength(1);
  const [mail] = mailsTo('ada@example.com');
  expect(mail?.from).toBe('no-reply@hookline.example');
  expect(mail?.text).toMatch(new RegExp(`^Message-ID: <${row.id}@hookline.example>$`, 'm'));
  expect(mail?.text).toMatch(/^Content-Type: text\/html; charset=utf-8$/m);
  expect(mail?.text).toMatch(/^X-Hookline-Message: 1$/m);
  expect(mail?.text).toMatch(new RegExp(`^X-Hookline-Record: ${recordId}$`, 'm'));
  expect(mailsTo('ada@example.com')).toHaveLength(1);
});

test('it goes where the action says: a merge field, or somebody else', async () => {
  const messageId = await email();
  const actions = [
    { kind: 'send-email', messageId, to: '[Title]' },
    { kind: 'notify', messageId, to: 'sales@example.com' },
  ];
  await ada.makeRule({ events: [custom('asked')], actions });
  const recordId = await ada.makeContact({ firstname: 'Bo', email: 'bo@example.com', title: 'bo.work@example.com' });
  await ada.say(recordId, 'asked');
  expect((await untilOver(recordId, 2)).map(({ to }: { to: string }) => to).sort()).toEqual([
    'bo.work@example.com',
    'sales@example.com',
  ]);
  expect([mailsTo('bo.work@example.com').length, mailsTo('sales@example.com').length]).toEqual([1, 1]);
  expect(mailsTo('bo@example.com')).toEqual([]);
});

test('what the server puts off is sent again, the same with the same Message-ID; what it refuses is not', async () => {
  const messageId = await email();
  await ada.makeRule({ events: [custom('tried')], actions: [{ kind: 'send-email', messageId }] });
  const [later, never] = [
    await ada.makeContact({ firstname: 'Cy', email: 'later@example.com' }),
    await ada.makeContact({ email: 'never@example.com' }),
  ];
  mails.answer = ({ to }) =>
    to[0] === 'never@example.com' ? 550 : mailsTo('later@example.com').length < 2 ? 451 : 250;
  for (const recordId of [later, never]) await ada.say(recordId, 'tried');
  await until('the first attempt', async () => (await outgoingOf(later))[0]?.error, PATIENCE_MS);
  expect((await outgoingOf(later))[0]).toMatchObject({ status: 'queued', error: expect.stringContaining('451') });
  await api.ada.call('PATCH', `/v1/records/${later}`, { fields: { firstname: 'Cyril' } });
  const [sent] = await untilOver(later);
  const [failed] = await untilOver(never);
  mails.answer = () => 250;
  expect(sent).toMatchObject({ status: 'sent', attempts: 2, error: null });
  expect(failed).toMatchObject({ status: 'failed', attempts: 1, error: expect.stringContaining('550') });
  const ids = mailsTo('later@example.com').map(({ text }) => /^Message-ID: .*$/m.exec(text)?.[0]);
  expect(new Set(ids)).toEqual(new Set([`Message-ID: <${sent.id}@hookline.example>`]));
  for (const { text } of mailsTo('later@example.com')) expect(text).toContain('Dear Cy,');

  const list = async (query: string) =>
    (await ada.get(`/v1/outgoing-messages?${query}`)) as { items: { id: string }[]; nextCursor: string };
  expect((await list('status=failed')).items.map(({ id }) => id)).toEqual([failed.id]);
  expect(await ada.get(`/v1/outgoing-messages/${failed.id}`)).toEqual(failed);
  const first = await list('status=sent&limit=1');
  const second = await list(`status=sent&limit=1&cursor=${first.nextCursor}`);
  expect(first.items[0]?.id).toBe(sent.id);
  expect(second.items[0]?.id).not.toBe(sent.id);
});

test('what cannot be sent fails with its reason, and no attempt is made', async () => {
  const messageId = await email();
  await ada.makeRule({ events: [custom('nowhere')], actions: [{ kind: 'send-email', messageId }] });
  await ada.makeRule({ events: [custom('odd')], actions: [{ kind: 'send-email', messageId, to: '[Title]' }] });
  const recordId = await ada.makeContact({ title: 'a@example.com, b@example.com' });
  await ada.say(recordId, 'nowhere');
  await ada.say(recordId, 'odd');
  const errors = (await untilOver(recordId, 2)).map(({ error }: { error: string }) => error).sort();
  expect(errors).toEqual(['"a@example.com, b@example.com" is no e-mail address', 'the record has no e-mail address']);
  expect(mailsTo('a@example.com')).toEqual([]);
});

test('an SMS stays in the inbox until the account names a webhook as gateway, which then gets number and text', async () => {
  const messageId = await makeMessage({ kind: 'sms', name: 'Reminder', body: 'See you, [First Name]!' });
  await ada.makeRule({ events: [custom('reminded')], actions: [{ kind: 'send-sms', messageId }] });
  const recordId = await ada.makeContact({ firstname: 'Di', sms_number: '+4915112345678' });
  await ada.say(recordId, 'reminded');
  const written = { status: 'sent', to: '+4915112345678', body: 'See you, Di!' };
  expect((await untilOver(recordId))[0]).toMatchObject({ ...written, way: 'inbox', deliveryId: null });
  const [kept] = (await ada.get('/v1/inbox-messages?limit=1')).items;
  expect(kept).toMatchObject({ method: 'SMS', headers: { to: '+4915112345678' }, body: 'See you, Di!' });

  const body = '{"to":"[Message//To]","text":"[Message//Body]","name":"[First Name]"}';
  const smsWebhookId = await makeWebhook(api.system, { url: `${receiver.url}/sms`, body });
  await api.ada.call('PATCH', '/v1/account', { settings: { smsWebhookId } });
  await ada.say(recordId, 'reminded');
  const [row] = await untilOver(recordId, 2);
  expect(row).toMatchObject({ ...written, way: 'webhook', deliveryId: expect.stringMatching(/^dlv_/) });
  expect(receiver.arrivals.map((one) => JSON.parse(one.body))).toEqual([
    { to: '+4915112345678', text: 'See you, Di!', name: 'Di' },
  ]);
  expect(await ada.get(`/v1/deliveries/${row.deliveryId}`)).toMatchObject({ status: 'delivered', type: 'rule' });
  expect((await api.ada.call('DELETE', `/v1/webhooks/${smsWebhookId}`)).body.code).toBe('webhook.in-use');

  receiver.answer = () => ({ status: 400 });
  await ada.say(recordId, 'reminded');
  const [refused] = await untilOver(recordId, 3);
  expect(refused).toMatchObject({ status: 'failed', error: 'the gateway did not take it; see its delivery' });

  receiver.answer = () => ({ status: 200 });
  const arrived = receiver.arrivals.length;
  await api.system.db.model(OUTGOING_MESSAGES).deleteOne({ _id: refused.id });
  expect((await api.ada.call('POST', `/v1/deliveries/${refused.deliveryId}/replay`)).status).toBeLessThan(300);
  const replayed = await until('the replay', async () => {
    const row = await ada.get(`/v1/deliveries/${refused.deliveryId}`);
    return row.replays === 1 && row.status === 'failed' && row;
  });
  expect(replayed.attempts.at(-1).error).toMatch(/the text of the SMS is not kept any more/);
  expect(receiver.arrivals).toHaveLength(arrived);
});

test('an e-mail is known by its number: what was opened may be told by either id', async () => {
  const messageId = await email();
  const { number } = await ada.get(`/v1/messages/${messageId}`);
  const events = [{ type: 'email.opened', messageId: String(number) }];
  const ruleId = await ada.makeRule({ events, actions: [{ kind: 'change-field', fieldId: 'title', value: 'Reader' }] });
  for (const told of [messageId, String(number)]) {
    const recordId = await ada.makeContact();
    await api.ada.call('POST', '/v1/events', { recordId, type: 'email.opened', messageId: told });
    expect(await ada.whyNot(ruleId, recordId)).toBe('true: set Title');
  }
});
