import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TagId } from '../../schemas/ids';
import { makeMap, makeRecord, makeTags, makeWebhook, tagToWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openSystem, type TestSystem } from '../servers/open-system';
import { until } from '../servers/until';

const PER_MINUTE = 6;
const GAP_MS = 60_600 / PER_MINUTE;

let system: TestSystem;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  system = await openSystem();
});
afterAll(async () => {
  await system.close();
  await receiver.close();
});

test('five events at once for a webhook with six a minute arrive one gap apart: the first at once, never a sum of waits and then a burst', async () => {
  const [tagId] = (await makeTags(system, 'Slow')) as [TagId];
  const webhookId = await makeWebhook(system, { url: receiver.url, requestsPerMinute: PER_MINUTE });
  await makeMap(system, tagToWebhook(tagId, webhookId));
  const beganMs = Date.now();
  for (let n = 0; n < 5; n++) await makeRecord(system, {}, [tagId]);
  await until('all five', () => receiver.arrivals.length === 5, 90_000);
  const [first = 0, ...rest] = receiver.arrivals.map(({ atMs }) => atMs);
  expect(first - beganMs).toBeLessThan(5000);
  for (const [index, atMs] of rest.entries()) {
    const expected = (index + 1) * GAP_MS;
    expect(atMs - first).toBeGreaterThan(expected - 300);
    expect(atMs - first).toBeLessThan(expected + 5000);
  }
}, 120_000);
