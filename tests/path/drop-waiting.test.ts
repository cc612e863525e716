import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { DeliveryId, WebhookId } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { insertDelivery } from '../../store/deliveries';
import { makeRecord, makeWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { storedDelivery } from '../servers/stored';
import { until } from '../servers/until';

let api: TestApi;
let receiver: Receiver;
beforeAll(async () => {
  api = await openTestApi({ isWorking: true });
});
beforeEach(async () => {
  receiver = await openReceiver(() => ({ status: 503 }));
});
afterEach(() => receiver.close());
afterAll(() => api.close());

const post = (path: string, body: unknown = {}) => api.ada.call('POST', path, body);
const statusesOf = async (webhookId: WebhookId): Promise<string[]> => {
  const { body } = await api.ada.call('GET', `/v1/deliveries?webhookId=${webhookId}`);
  return body.items.map(({ status }: { status: string }) => status);
};
const untilAre = (webhookId: WebhookId, ...statuses: string[]) =>
  until(statuses.join(), async () => (await statusesOf(webhookId)).sort().join() === statuses.sort().join());
const make = (gapSeconds: number): Promise<WebhookId> =>
  makeWebhook(api.system, {
    url: receiver.url,
    schedule: { preset: 'custom', gapsSeconds: Array(9).fill(gapSeconds) },
  });

/** Sends a delivery that no map knows of: one that is over, replayed. */
async function send(webhookId: WebhookId): Promise<DeliveryId> {
  const { db, account } = api.system;
  const { _id: recordId } = await makeRecord(api.system);
  const row = storedDelivery({ accountId: account.account._id, webhookId, recordId, status: 'failed' });
  await transaction(db, (session) => insertDelivery(db, session, row));
  await post(`/v1/deliveries/${row._id}/replay`);
  return row._id;
}

test('a webhook that is deleted while it is paused leaves nothing that waits: a job cancels what it held', async () => {
  const webhookId = await make(2);
  await send(webhookId);
  await untilAre(webhookId, 'waiting-retry');
  await post(`/v1/webhooks/${webhookId}/pause`);
  await untilAre(webhookId, 'held');
  const sent = receiver.arrivals.length;
  expect((await api.ada.call('DELETE', `/v1/webhooks/${webhookId}`)).status).toBe(200);
  await untilAre(webhookId, 'cancelled');
  const { body } = await api.ada.call('GET', '/v1/jobs');
  expect(body.items[0]).toMatchObject({ kind: 'drop-all', title: expect.stringContaining('Send to CRM'), total: 1 });
  expect(receiver.arrivals).toHaveLength(sent);
});

test('dropping what waits drops what waits for its next attempt too, so that nothing old is sent after the resume', async () => {
  const webhookId = await make(3600);
  await send(webhookId);
  await untilAre(webhookId, 'waiting-retry');
  await post(`/v1/webhooks/${webhookId}/pause`);
  await post(`/v1/webhooks/${webhookId}/resume`, { waiting: 'drop' });
  await untilAre(webhookId, 'cancelled');
  await until('active', async () => (await api.ada.call('GET', `/v1/webhooks/${webhookId}`)).body.status === 'active');
  expect(receiver.arrivals).toHaveLength(1);
});
