import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../../lib/ids';
import { makeRecord, makeWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openTestApi, type TestApi } from '../servers/open-test-api';

let api: TestApi;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver(({ path }) => ({ status: path === '/fails' ? 500 : 201, body: '{"id":7}' }));
  api = await openTestApi({ isWorking: true });
});
afterAll(async () => {
  await api.close();
  await receiver.close();
});

const send = (webhookId: string, body: unknown) => api.ada.call('POST', `/v1/webhooks/${webhookId}/test`, body);

test('a test sends the request of a real record once, and answers with request, answer and timings', async () => {
  const webhookId = await makeWebhook(api.system, { url: `${receiver.url}/works/[First Name]` });
  const { _id: recordId } = await makeRecord(api.system, { firstname: 'Ada' });
  const { status, body } = await send(webhookId, { recordId });
  expect(status).toBe(200);
  expect(body).toMatchObject({ type: 'test', status: 'delivered', responseStatus: 201, recordId });
  expect(body.attempts).toHaveLength(1);
  expect(body.attempts[0].request).toMatchObject({
    method: 'POST',
    url: `${receiver.url}/works/Ada`,
    body: '{"name":"Ada"}',
  });
  expect(body.attempts[0].response.body).toBe('{"id":7}');
  expect(body.attempts[0].timings.totalMs).toBeGreaterThan(0);
  const sent = receiver.arrivals.at(-1);
  expect(body.signatureBase).toBe(`${body.id}.${sent?.headers['webhook-timestamp']}.${sent?.body}`);
  expect(body.attempts[0].request.headers['webhook-signature']).toMatch(/^v1,/);
  expect(receiver.arrivals.at(-1)?.headers['webhook-id']).toBe(body.id);
});

test('on a webhook that is free the answer of a test is there within 2 s, and the test uses up a slot: the next request waits a gap', async () => {
  const webhookId = await makeWebhook(api.system, { url: `${receiver.url}/slot`, requestsPerMinute: 20 });
  const { _id: recordId } = await makeRecord(api.system, { firstname: 'Ada' });
  const beganMs = performance.now();
  expect((await send(webhookId, { recordId })).body.status).toBe('delivered');
  expect(performance.now() - beganMs).toBeLessThan(2000);
  expect((await send(webhookId, { recordId })).body.status).toBe('delivered');
  const [first, second] = receiver.arrivals.filter(({ path }) => path === '/slot').map(({ atMs }) => atMs);
  expect(Number(second) - Number(first)).toBeGreaterThanOrEqual(60_600 / 20 - 300);
});

test('a test that fails is not repeated, whatever the schedule of the webhook', async () => {
  const webhookId = await makeWebhook(api.system, { url: `${receiver.url}/fails` });
  const { _id: recordId } = await makeRecord(api.system, {});
  const { body } = await send(webhookId, { recordId });
  expect(body).toMatchObject({ status: 'failed', class: 'transient', nextAttemptAt: null });
  expect(receiver.arrivals.filter(({ path }) => path === '/fails')).toHaveLength(1);
});

test('the account’s own inbox shows what a test sent', async () => {
  const webhookId = await makeWebhook(api.system, {
    url: `${api.url}/inbox/${api.ada.account.inboxToken}/hello`,
    body: 'a=[Email]',
  });
  const { _id: recordId } = await makeRecord(api.system, { email: 'ada@example.com' });
  expect((await send(webhookId, { recordId })).body.status).toBe('delivered');
  const { body } = await api.ada.call('GET', '/v1/inbox-messages');
  expect(body.items[0]).toMatchObject({ method: 'POST', path: '/hello', body: 'a=ada%40example.com' });
});

test('a test of a paused webhook, with an unknown record or with one of another object type is refused and logs nothing', async () => {
  const webhookId = await makeWebhook(api.system, { url: receiver.url });
  const { _id: recordId } = await makeRecord(api.system, {});
  expect((await send(webhookId, { recordId: newId('record') })).body.code).toBe('record.not-found');
  expect((await send(webhookId, {})).status).toBe(400);
  const { body: company } = await api.ada.call('POST', '/v1/records', { objectTypeId: 150, fields: { name: 'Acme' } });
  expect((await send(webhookId, { recordId: company.id })).body.problems[0].path).toBe('recordId');
  await api.ada.call('POST', `/v1/webhooks/${webhookId}/pause`, {});
  expect((await send(webhookId, { recordId })).body.code).toBe('webhook.held');
  expect((await api.ada.call('GET', `/v1/deliveries?webhookId=${webhookId}`)).body.items).toEqual([]);
});
