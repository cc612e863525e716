import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { deliveryWorkflowIdOf } from '../../lib/ids';
import type { DeliveryId, TagId } from '../../schemas/ids';
import { findDelivery } from '../../store/deliveries';
import { makeMap, makeRecord, makeTags, makeWebhook, tagToWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { until } from '../servers/until';

/** What operators do in Temporal's Web UI to what waits there. */
let api: TestApi;
let receiver: Receiver;
let tags = 0;
beforeAll(async () => {
  api = await openTestApi({ isWorking: true });
});
beforeEach(async () => {
  receiver = await openReceiver();
  receiver.answer = () => ({ status: 500 });
});
afterEach(() => receiver.close());
afterAll(() => api.close());

const workflow = (workflowId: string) => api.system.engine.client.workflow.getHandle(workflowId);
const get = async (deliveryId: string) => (await api.ada.call('GET', `/v1/deliveries/${deliveryId}`)).body;
const command = async (deliveryId: string, verb: string, body?: unknown) =>
  (await api.ada.call('POST', `/v1/deliveries/${deliveryId}/${verb}`, body)).body;
const exit = async (entryId: string) => (await api.ada.call('POST', `/v1/entries/${entryId}/exit`)).body;
const untilStatus = (deliveryId: string, status: string) =>
  until(status, async () => {
    const row = await get(deliveryId);
    return row.status === status && row;
  });

/** A delivery of an entry that has failed once, an hour before its next attempt. */
async function makeRetrying(): Promise<{ deliveryId: DeliveryId; entryId: string; workflowId: string }> {
  const [tagId] = (await makeTags(api.system, `Customer ${tags++}`)) as [TagId];
  const schedule = { preset: 'custom' as const, gapsSeconds: [3600] };
  const webhookId = await makeWebhook(api.system, { url: `${receiver.url}/crm`, schedule, maxAttempts: 2 });
  await makeMap(api.system, tagToWebhook(tagId, webhookId));
  await makeRecord(api.system, { firstname: 'Ada' }, [tagId]);
  const { id: deliveryId, source } = await until('its first attempt', async () => {
    const { body } = await api.ada.call('GET', `/v1/deliveries?webhookId=${webhookId}&status=waiting-retry`);
    return body.items[0];
  });
  const { workflowId = '' } = (await findDelivery(api.system.db, deliveryId)) ?? {};
  return { deliveryId, entryId: source.entryId, workflowId };
}

/** The same in a replay, which is outside its map. */
async function makeReplaying(): Promise<{ deliveryId: DeliveryId; workflowId: string }> {
  const { deliveryId } = await makeRetrying();
  await command(deliveryId, 'cancel');
  await command(deliveryId, 'replay');
  await untilStatus(deliveryId, 'waiting-retry');
  return { deliveryId, workflowId: deliveryWorkflowIdOf(deliveryId, 1) };
}

test('Cancel ends a delivery outside maps like a cancel by hand', async () => {
  const { deliveryId, workflowId } = await makeReplaying();
  await workflow(workflowId).cancel();
  expect(await workflow(workflowId).result()).toMatchObject({ result: 'cancelled' });
  expect(await get(deliveryId)).toMatchObject({ status: 'cancelled', nextAttemptAt: null });
});

test('Cancel lets a request that is on its way be finished, and its answer counts', async () => {
  const { deliveryId, workflowId } = await makeReplaying();
  receiver.answer = () => ({ status: 200, delayMs: 1500 });
  await command(deliveryId, 'retry');
  await until('the request', () => receiver.arrivals.length === 3);
  await workflow(workflowId).cancel();
  expect(await workflow(workflowId).result()).toMatchObject({ result: 'delivered' });
  expect((await get(deliveryId)).status).toBe('delivered');
});

test('an entry that was terminated is ended by an exit, and its delivery with it', async () => {
  const { deliveryId, entryId, workflowId } = await makeRetrying();
  const { attempts } = await get(deliveryId);
  await workflow(workflowId).terminate('by hand');
  expect((await command(deliveryId, 'cancel')).code).toBe('delivery.terminated');
  expect(await exit(entryId)).toMatchObject({ status: 'ended', endReason: 'exited' });
  expect(await get(deliveryId)).toMatchObject({ status: 'cancelled', attempts });
  expect((await exit(entryId)).code).toBe('entry.ended');
});

test('a delivery outside maps that was terminated is ended by a cancel, keeps its log, and can be replayed', async () => {
  const { deliveryId, workflowId } = await makeReplaying();
  const { attempts } = await get(deliveryId);
  await workflow(workflowId).terminate('by hand');
  expect((await command(deliveryId, 'retry')).code).toBe('delivery.terminated');
  const override = { url: `${receiver.url}/mended`, body: '{}' };
  expect((await command(deliveryId, 'edit-and-retry', override)).code).toBe('delivery.terminated');
  expect((await get(deliveryId)).isEdited).toBe(false);
  expect(await command(deliveryId, 'cancel')).toMatchObject({ status: 'cancelled', attempts });
  expect(receiver.arrivals).toHaveLength(2);
  receiver.answer = () => ({ status: 200 });
  await command(deliveryId, 'replay');
  await untilStatus(deliveryId, 'delivered');
});
