import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TagId } from '../../schemas/ids';
import { DELIVERIES } from '../../store/deliveries';
import { makeMap, makeRecord, makeTags, makeWebhook, tagToWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openSystem, type TestSystem } from '../servers/open-system';
import { until } from '../servers/until';

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

/** Records that enter at once a map with a webhook of this limit. @returns when each arrived, from the beginning on */
async function sendAtOnce(count: number, requestsPerMinute: number): Promise<number[]> {
  const path = `/${requestsPerMinute}`;
  const [tagId] = (await makeTags(system, path)) as [TagId];
  const webhookId = await makeWebhook(system, { url: `${receiver.url}${path}`, requestsPerMinute });
  await makeMap(system, tagToWebhook(tagId, webhookId));
  const beganMs = Date.now();
  for (let n = 0; n < count; n++) await makeRecord(system, {}, [tagId]);
  const arrivals = () => receiver.arrivals.filter((arrival) => arrival.path === path);
  if (requestsPerMinute === 1)
    await until('one that waits to be told', () =>
      system.db.model(DELIVERIES).exists({ webhookId, turnAt: { $exists: true } } as object),
    );
  await until('all of them', () => arrivals().length === count, 90_000);
  return arrivals().map(({ atMs }) => atMs - beganMs);
}

test('events at once for a slow webhook arrive one gap apart: the first at once, never a sum of waits and then a burst; also when the next turn is so far that the delivery has to be told of it', async () => {
  const sent = await Promise.all(
    [
      { count: 4, perMinute: 6 },
      { count: 2, perMinute: 1 },
    ].map(async ({ count, perMinute }) => ({ gapMs: 60_600 / perMinute, atMs: await sendAtOnce(count, perMinute) })),
  );
  for (const { gapMs, atMs } of sent) {
    const [first = 0, ...rest] = atMs;
    expect(first).toBeLessThan(5000);
    for (const [index, at] of rest.entries()) {
      const expected = (index + 1) * gapMs;
      expect(at - first).toBeGreaterThan(expected - 300);
      expect(at - first).toBeLessThan(expected + 5000);
    }
  }
}, 120_000);
