import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeMap, makeRecord, makeTags, makeWebhook, tagToWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openSystem, type TestSystem } from '../servers/open-system';
import { mostInAnyMinute, perMinute } from '../servers/rate';
import { spawnWorker, type WorkerProcess } from '../servers/spawn-worker';
import { until } from '../servers/until';

const QUEUED = 150;
const LIMIT = 60;
const QUIET_MS = 62_000;

let system: TestSystem;
let receiver: Receiver;
let workers: WorkerProcess[] = [];
beforeAll(async () => {
  receiver = await openReceiver();
  system = await openSystem({ hasWorkers: false });
  workers = await Promise.all([spawnWorker(system), spawnWorker(system)]);
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await system?.close();
  await receiver?.close();
});

test('a webhook at 60 a minute with 150 queued is exact in every sliding minute across two workers and a kill, and slows no other', async () => {
  const [slowTag, fastTag] = await makeTags(system, 'Slow', 'Fast');
  const slow = await makeWebhook(system, { url: `${receiver.url}/slow`, requestsPerMinute: LIMIT });
  const fast = await makeWebhook(system, {
    url: `${receiver.url}/fast`,
    requestsPerMinute: 180,
    body: '{"at":"[First Name]"}',
  });
  await makeMap(system, tagToWebhook(slowTag as never, slow), 'Slow map');
  await makeMap(system, tagToWebhook(fastTag as never, fast), 'Fast map');
  const arrivalsAt = (path: string) => receiver.arrivals.filter((arrival) => arrival.path === path);

  for (let n = 0; n < QUEUED; n++) await makeRecord(system, {}, [slowTag as never]);
  const beganMs = (await until('the first arrival', () => arrivalsAt('/slow')[0])).atMs;

  let isKilled = false;
  await until(
    'all slow arrivals',
    async () => {
      await makeRecord(system, { firstname: String(Date.now()) }, [fastTag as never]);
      if (!isKilled && Date.now() - beganMs > QUIET_MS) {
        workers[0]?.kill('SIGKILL');
        isKilled = true;
      }
      await until('a moment', () => Date.now() % 1000 < 60, 2000).catch(() => undefined);
      return new Set(arrivalsAt('/slow').map(({ deliveryId }) => deliveryId)).size === QUEUED;
    },
    400_000,
  );

  const times = arrivalsAt('/slow').map(({ atMs }) => atMs);
  expect(mostInAnyMinute(times)).toBeLessThanOrEqual(LIMIT);
  const quiet = times.filter((atMs) => atMs < beganMs + QUIET_MS);
  // How much of the limit is used depends on the machine (59.6 and 59.1 a minute on a quiet one): here only that it flows.
  expect(perMinute(quiet)).toBeGreaterThanOrEqual(30);
  expect(perMinute(times)).toBeGreaterThanOrEqual(30);

  const waits = arrivalsAt('/fast')
    .map(({ atMs, body }) => atMs - Number(JSON.parse(body).at))
    .sort((a, b) => a - b);
  expect(waits.length).toBeGreaterThan(50);
  expect(waits[Math.floor(waits.length / 2)]).toBeLessThan(10_000);
}, 500_000);
