import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OUTGOING_MESSAGES } from '../../store/outgoing-messages';
import { custom } from '../servers/draw';
import { makeWebhook } from '../servers/make';
import { openMessageCaller } from '../servers/open-message-caller';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openRuleCaller } from '../servers/open-rule-caller';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { until } from '../servers/until';

let api: TestApi;
let ada: ReturnType<typeof openRuleCaller>;
let messages: ReturnType<typeof openMessageCaller>;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  api = await openTestApi({ isWorking: true });
  ada = openRuleCaller(api);
  messages = openMessageCaller(api);
  await ada.switchFeatures({ globalRules: true });
});
afterAll(async () => {
  await api.close();
  await receiver.close();
});

test('an SMS stays in the inbox until the account names a webhook as gateway, which then gets number and text', async () => {
  const messageId = await messages.make({ kind: 'sms', name: 'Reminder', body: 'See you, [First Name]!' });
  await ada.makeRule({ events: [custom('reminded')], actions: [{ kind: 'send-sms', messageId }] });
  const recordId = await ada.makeContact({ firstname: 'Di', sms_number: '+4915112345678' });
  await ada.say(recordId, 'reminded');
  const written = { status: 'sent', to: '+4915112345678', body: 'See you, Di!' };
  expect((await messages.untilOver(recordId))[0]).toMatchObject({ ...written, way: 'inbox', deliveryId: null });
  const [kept] = (await ada.get('/v1/inbox-messages?limit=1')).items;
  expect(kept).toMatchObject({ method: 'SMS', headers: { to: '+4915112345678' }, body: 'See you, Di!' });

  const body = '{"to":"[Message//To]","text":"[Message//Body]","name":"[First Name]"}';
  const smsWebhookId = await makeWebhook(api.system, { url: `${receiver.url}/sms`, body });
  await api.ada.call('PATCH', '/v1/account', { settings: { smsWebhookId } });
  await ada.say(recordId, 'reminded');
  const [row] = await messages.untilOver(recordId, 2);
  expect(row).toMatchObject({ ...written, way: 'webhook', deliveryId: expect.stringMatching(/^dlv_/) });
  expect(receiver.arrivals.map((one) => JSON.parse(one.body))).toEqual([
    { to: '+4915112345678', text: 'See you, Di!', name: 'Di' },
  ]);
  expect(await ada.get(`/v1/deliveries/${row.deliveryId}`)).toMatchObject({ status: 'delivered', type: 'rule' });
  expect((await api.ada.call('DELETE', `/v1/webhooks/${smsWebhookId}`)).body.code).toBe('webhook.in-use');

  receiver.answer = () => ({ status: 400 });
  await ada.say(recordId, 'reminded');
  const [refused] = await messages.untilOver(recordId, 3);
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
