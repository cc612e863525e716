import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EVENTS } from '../../store/events';
import { runRule } from '../../workers/dispatch/run-rule';
import { custom } from '../servers/draw';
import { type MailServer, openMailServer } from '../servers/open-mail-server';
import { openMessageCaller } from '../servers/open-message-caller';
import { openRuleCaller } from '../servers/open-rule-caller';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { until } from '../servers/until';

const PATIENCE_MS = 60_000;

let api: TestApi;
let ada: ReturnType<typeof openRuleCaller>;
let messages: ReturnType<typeof openMessageCaller>;
let mails: MailServer;
beforeAll(async () => {
  mails = await openMailServer();
  api = await openTestApi({ isWorking: true, smtpUrl: mails.url });
  ada = openRuleCaller(api);
  messages = openMessageCaller(api);
  await ada.switchFeatures({ globalRules: true });
});
afterAll(async () => {
  await api.close();
  await mails.close();
});

const email = (more: object = {}) =>
  messages.make({
    kind: 'email',
    name: 'Welcome',
    subject: 'Hi [First Name|friend]',
    body: 'Dear [First Name],',
    ...more,
  });
const mailsTo = (address: string) => mails.arrivals.filter(({ to }) => to.includes(address));

test('a rule sends an e-mail to the record, with its values filled in, once', async () => {
  const messageId = await email({ format: 'html', body: '<p>Dear [First Name],</p>' });
  const ruleId = await ada.makeRule({ events: [custom('joined')], actions: [{ kind: 'send-email', messageId }] });
  const recordId = await ada.makeContact({ firstname: 'Ada <Löwe>', email: 'ada@example.com' });
  await ada.say(recordId, 'joined');
  expect(await ada.whyNot(ruleId, recordId)).toBe('true: sent the message Welcome');
  const [row] = await messages.untilOver(recordId);
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
  expect(await messages.of(recordId)).toHaveLength(1);
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
  expect((await messages.untilOver(recordId, 2)).map(({ to }: { to: string }) => to).sort()).toEqual([
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
  await until('the first attempt', async () => (await messages.of(later))[0]?.error, PATIENCE_MS);
  expect((await messages.of(later))[0]).toMatchObject({ status: 'queued', error: expect.stringContaining('451') });
  await api.ada.call('PATCH', `/v1/records/${later}`, { fields: { firstname: 'Cyril' } });
  const [sent] = await messages.untilOver(later);
  const [failed] = await messages.untilOver(never);
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
  const errors = (await messages.untilOver(recordId, 2)).map(({ error }: { error: string }) => error).sort();
  expect(errors).toEqual(['"a@example.com, b@example.com" is no e-mail address', 'the record has no e-mail address']);
  expect(mailsTo('a@example.com')).toEqual([]);
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
