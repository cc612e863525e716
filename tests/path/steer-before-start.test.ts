import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { WorkflowNotFoundError } from '@temporalio/client';
import { newId } from '../../lib/ids';
import type { DeliveryId } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { findDelivery, insertDelivery } from '../../store/deliveries';
import { startRequestedDelivery } from '../../workers/dispatch/start-delivery';
import { openSteering } from '../../workers/live-state';
import { makeRecord, makeWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { storedDelivery } from '../servers/stored';
import { until } from '../servers/until';

/** The workers work, and the pump is behind: what is ordered has no workflow yet. */
let api: TestApi;
let receiver: Receiver;
beforeAll(async () => {
  api = await openTestApi({ isWorking: true });
  await api.system.pump.stop();
});
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(() => receiver.close());
afterAll(() => api.close());

/** A delivery that failed. */
async function makeFailed(): Promise<DeliveryId> {
  const { db, account } = api.system;
  const webhookId = await makeWebhook(api.system, { url: `${receiver.url}/crm` });
  const { _id: recordId } = await makeRecord(api.system, { firstname: 'Ada' });
  const row = storedDelivery({ accountId: account.account._id, webhookId, recordId, status: 'failed' });
  await transaction(db, (session) => insertDelivery(db, session, row));
  return row._id;
}
const command = async (deliveryId: string, verb: string, body?: unknown) =>
  (await api.ada.call('POST', `/v1/deliveries/${deliveryId}/${verb}`, body)).body;
const get = async (deliveryId: string) => (await api.ada.call('GET', `/v1/deliveries/${deliveryId}`)).body;

/** One that was ordered and has no workflow yet. */
async function makeOrdered(): Promise<{ deliveryId: DeliveryId; workflowId: string }> {
  const deliveryId = await makeFailed();
  expect((await command(deliveryId, 'replay')).status).toBe('queued');
  const { workflowId = '' } = (await findDelivery(api.system.db, deliveryId)) ?? {};
  await expect(describe(workflowId)).rejects.toThrow(WorkflowNotFoundError);
  return { deliveryId, workflowId };
}
const describe = (workflowId: string) => api.system.engine.client.workflow.getHandle(workflowId).describe();

test('a delivery that was ordered and not started yet is cancelled, and never sent', async () => {
  const { deliveryId, workflowId } = await makeOrdered();
  expect((await command(deliveryId, 'cancel')).status).toBe('cancelled');
  expect((await describe(workflowId)).status.name).toBe('COMPLETED');
  expect((await command(deliveryId, 'cancel')).code).toBe('delivery.ended');
  expect(receiver.arrivals).toEqual([]);
});

test('a delivery that was ordered and not started yet is sent at once when it is retried by hand, and once', async () => {
  const { deliveryId } = await makeOrdered();
  expect((await command(deliveryId, 'retry')).id).toBe(deliveryId);
  await until('its delivery', async () => (await get(deliveryId)).status === 'delivered');
  expect(receiver.arrivals.map((arrival) => arrival.deliveryId)).toEqual([deliveryId]);
  // The pump comes to it later.
  await startRequestedDelivery(api.system, deliveryId);
  expect((await command(deliveryId, 'retry')).code).toBe('delivery.ended');
  expect(receiver.arrivals).toHaveLength(1);
});

test('a delivery that was ordered and not started yet is sent as a person wrote it', async () => {
  const { deliveryId } = await makeOrdered();
  await command(deliveryId, 'edit-and-retry', { url: `${receiver.url}/mended`, body: '{"name":"Ada"}' });
  await until('its delivery', async () => (await get(deliveryId)).status === 'delivered');
  expect(receiver.arrivals.map(({ path, body }) => [path, body])).toEqual([['/mended', '{"name":"Ada"}']]);
});

test('a job that drops what waits drops what has not started yet, too', async () => {
  const { deliveryId, workflowId } = await makeOrdered();
  const steering = openSteering(api.system);
  expect(await steering.cancelDelivery(workflowId, deliveryId)).toBe(true);
  expect((await get(deliveryId)).status).toBe('cancelled');
  expect(await steering.cancelDelivery(workflowId, deliveryId)).toBe(false);
});

test("a delivery of an entry is not started outside its entry's workflow", async () => {
  const workflowId = `map:${newId('map')}`;
  const row = storedDelivery({ accountId: api.ada.account._id, workflowId });
  await transaction(api.system.db, (session) => insertDelivery(api.system.db, session, row));
  expect(await startRequestedDelivery(api.system, row._id)).toBe(false);
  await expect(describe(workflowId)).rejects.toThrow(WorkflowNotFoundError);
  // Its entry's workflow will be there in a moment.
  expect((await command(row._id, 'cancel')).code).toBe('delivery.starting');
});
