import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { findLatestEntry } from '../../store/entries';
import { listDeliveries } from '../../store/list-deliveries';
import { makeMap, makeRecord, makeTags, makeWebhook, tagToWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openSystem, type TestSystem, testConverter } from '../servers/open-system';
import { quietRuntime } from '../servers/quiet-runtime';
import { until } from '../servers/until';

let env: TestWorkflowEnvironment;
let system: TestSystem;
let receiver: Receiver;
beforeAll(async () => {
  quietRuntime();
  env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: process.env.TEST_TEST_SERVER_BIN ?? '' } },
    client: { dataConverter: testConverter() },
  });
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: { AccountId: 2, MapId: 2, RecordId: 2, WebhookId: 7 },
  });
  receiver = await openReceiver(() => ({ status: 500, body: 'always failing' }));
  system = await openSystem({ timeSkipping: env });
});
afterAll(async () => {
  await system?.close();
  await receiver?.close();
  await env?.teardown();
});

test('a receiver that always fails gets exactly 10 requests over the 75.6 hours of the standard schedule', async () => {
  const [tagId] = await makeTags(system, 'Customer');
  const webhookId = await makeWebhook(system, { url: receiver.url });
  const { mapId } = await makeMap(system, tagToWebhook(tagId as never, webhookId));
  const record = await makeRecord(system, { firstname: 'Ada' }, [tagId as never]);
  const entry = await until('the entry', () => findLatestEntry(system.db, { mapId, recordId: record._id }));

  const handle = env.client.workflow.getHandle(entry.workflowId);
  await until('the workflow', () => handle.describe());
  const startMs = (await handle.describe()).startTime.getTime();
  expect(await handle.result()).toEqual({ reason: 'completed' });
  const closedMs = (await handle.describe()).closeTime?.getTime() ?? 0;

  expect(receiver.arrivals).toHaveLength(10);
  expect(new Set(receiver.arrivals.map(({ deliveryId }) => deliveryId)).size).toBe(1);
  const hours = (closedMs - startMs) / 3_600_000;
  expect(hours).toBeGreaterThanOrEqual(75.58);
  // Jitter adds up to 10 % of each gap, at most 15 minutes.
  expect(hours).toBeLessThan(75.59 + 9 * 0.25);

  const page = await listDeliveries(system.db, system.account.account._id, { webhookId }, { limit: 10 });
  const [delivery] = page.items;
  expect(delivery?.status).toBe('failed');
  expect(delivery?.attempts.map(({ number, status }) => [number, status])).toEqual(
    Array.from({ length: 10 }, (_, index) => [index + 1, 500]),
  );
});
