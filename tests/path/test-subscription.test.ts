import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { newId } from '../../lib/ids';
import type { TagId } from '../../schemas/ids';
import { makeTags } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openSubscriber } from '../servers/open-subscriber';
import { openTestApi, type TestApi } from '../servers/open-test-api';

let api: TestApi;
let receiver: Receiver;
let ada: ReturnType<typeof openSubscriber>;
let tagId: TagId;
let tagNumber: string;
beforeAll(async () => {
  api = await openTestApi({ isWorking: true });
  receiver = await openReceiver(({ path }) => ({ status: path === '/fails' ? 500 : 200 }));
  ada = openSubscriber(api, receiver);
  [tagId] = (await makeTags(api.system, 'VIP')) as [TagId];
  tagNumber = await ada.numberOf('tags', tagId);
});
afterAll(async () => {
  await api.close();
  await receiver.close();
});

const send = (subscriptionId: string, body: object = {}) =>
  api.ada.call('POST', `/v1/subscriptions/${subscriptionId}/test`, body);
const SAMPLE = { id: '8', firstname: 'Ada', lastname: 'Lovelace', email: 'ada@example.com' };

test('without a record in the account a test says what it needs', async () => {
  const { id } = await ada.subscribe({ type: 'tag.added', tagId }, { path: '/early' });
  const { status, body } = await send(id);
  expect([status, body.problems[0].path, ada.at('/early')]).toEqual([400, 'recordId', []]);
});

test('the sample payload of the event arrives once, in format and encoding, signed, and is a test in the log', async () => {
  const { id: recordId } = await ada.post('/v1/records', { fields: { firstname: 'Grace' } });
  const settings = { format: 'lightweight', path: '/light' };
  const { id, number, signingSecret, webhookId } = await ada.subscribe({ type: 'tag.added', tagId }, settings);
  const { status, body } = await send(id);
  expect([status, body.type, body.status, body.recordId]).toEqual([200, 'test', 'delivered', recordId]);
  const [arrival, ...others] = ada.at('/light');
  expect(others).toEqual([]);
  new Webhook(signingSecret).verify(arrival?.body ?? '', arrival?.headers as Record<string, string>);
  expect(JSON.parse(arrival?.body ?? '')).toEqual({
    webhook_id: String(number),
    object_type_id: '0',
    event: { type: 'sub_tag', tag_id: tagNumber },
    data: SAMPLE,
    timestamp: expect.any(Number),
  });
  expect(body.signatureBase).toBe(`${body.id}.${arrival?.headers['webhook-timestamp']}.${arrival?.body}`);
  expect(await ada.rows(webhookId)).toMatchObject([{ id: body.id, type: 'test', name: `sub_tag(${tagNumber})` }]);

  const form = await ada.subscribe({ type: 'custom', name: 'order.shipped' }, { encoding: 'form', path: '/form' });
  expect((await send(form.id, { recordId })).body.status).toBe('delivered');
  const sent = new URLSearchParams(ada.at('/form')[0]?.body);
  expect([sent.get('event[name]'), sent.get('data[firstname]')]).toEqual(['order.shipped', 'Ada']);
  expect(ada.at('/form')[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
});

test('a test that fails is not repeated; a replay of it sends the same payload', async () => {
  const { id } = await ada.subscribe({ type: 'record.created' }, { path: '/fails', format: 'notify' });
  const { body } = await send(id);
  expect(body).toMatchObject({ status: 'failed', nextAttemptAt: null });
  expect(ada.at('/fails')).toHaveLength(1);
  await ada.post(`/v1/deliveries/${body.id}/replay`);
  const [first, second] = await ada.untilArrived('/fails', 2);
  expect(second?.body).toBe(first?.body);
});

test('a test of a paused subscription, of an unknown one, or under an unknown record is refused', async () => {
  const { id, webhookId } = await ada.subscribe({ type: 'record.created' }, { path: '/held' });
  expect((await send(id, { recordId: newId('record') })).body.code).toBe('record.not-found');
  await ada.post(`/v1/webhooks/${webhookId}/pause`);
  expect((await send(id)).body.code).toBe('webhook.held');
  expect((await send(newId('subscription'))).body.code).toBe('subscription.not-found');
  expect([ada.at('/held'), await ada.rows(webhookId)]).toEqual([[], []]);
});
