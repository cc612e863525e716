import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { judgeWindows } from '../../bench/limits/judge-windows';
import { stepsOf } from '../../bench/limits/limit-steps';
import { newId } from '../../lib/ids';
import type { TagId, WebhookId } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { insertDelivery } from '../../store/deliveries';
import { makeMap, makeRecord, makeTags, makeWebhook, tagToWebhook } from '../servers/make';
import { type Arrival, openReceiver, type Receiver } from '../servers/open-receiver';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { perMinute } from '../servers/rate';
import { spawnWorker, type WorkerProcess } from '../servers/spawn-worker';
import { storedDelivery } from '../servers/stored';
import { until } from '../servers/until';

const LIMITS = { queue: 120, mixed: 60, fast: 180 };
const QUEUED = 130;
const MIXED = { records: 34, replayed: 16, busyAt: 15, pausedAt: 30 };
const KILLED_MS = 30_000;
const BUSY_MS = 4000;

let api: TestApi;
let receiver: Receiver;
let workers: WorkerProcess[] = [];
beforeAll(async () => {
  receiver = await openReceiver();
  api = await openTestApi({ isWorking: true, hasWorkers: false });
  workers = await Promise.all([spawnWorker(api.system), spawnWorker(api.system)]);
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await api?.close();
  await receiver?.close();
});

const post = async (path: string, body: unknown = {}) => (await api.ada.call('POST', path, body)).body;
const get = async (path: string) => (await api.ada.call('GET', path)).body;
const arrivalsAt = (name: keyof typeof LIMITS): Arrival[] =>
  receiver.arrivals.filter(({ path }) => path === `/${name}`);

/** A map that sends every record with its tag to a webhook of its own. @returns how to let a record in */
async function draw(name: keyof typeof LIMITS) {
  const [tagId] = (await makeTags(api.system, name)) as [TagId];
  const webhookId = await makeWebhook(api.system, {
    url: `${receiver.url}/${name}`,
    requestsPerMinute: LIMITS[name],
    body: '{"at":"[First Name]"}',
    schedule: { preset: 'custom', gapsSeconds: [1, 1, 1] },
  });
  await makeMap(api.system, tagToWebhook(tagId, webhookId), `${name} map`);
  return { webhookId, enter: () => makeRecord(api.system, { firstname: String(Date.now()) }, [tagId]) };
}

/** Deliveries that failed once, to be replayed. */
async function makeFailed(webhookId: WebhookId, count: number): Promise<void> {
  const { db, account } = api.system;
  const { _id: recordId } = await makeRecord(api.system, { firstname: '0' });
  const of = { accountId: account.account._id, webhookId, recordId, status: 'failed' as const };
  await transaction(db, async (session) => {
    for (let n = 0; n < count; n++)
      await insertDelivery(db, session, storedDelivery({ _id: newId('delivery'), ...of }));
  });
}

/** Every fourth delivery is answered 500 at first; once, all are told to wait. */
let busyMs = 0;
function answerMixed({ path, deliveryId, atMs }: Arrival) {
  if (path !== '/mixed') return { status: 200 };
  const all = arrivalsAt('mixed');
  if (busyMs === 0 && all.length >= MIXED.busyAt) {
    busyMs = atMs;
    return { status: 429, headers: { 'retry-after': String(BUSY_MS / 1000) } };
  }
  const isFirst = all.filter((arrival) => arrival.deliveryId === deliveryId).length === 1;
  return { status: isFirst && new Set(all.map((arrival) => arrival.deliveryId)).size % 4 === 0 ? 500 : 200 };
}

/** @returns from when until when nothing may arrive */
async function pauseAndResume(webhookId: WebhookId): Promise<{ fromMs: number; toMs: number }> {
  await until('some arrivals', () => arrivalsAt('mixed').length >= MIXED.pausedAt, 90_000);
  await post(`/v1/webhooks/${webhookId}/pause`);
  const fromMs = Date.now();
  await until('three that are held', async () => (await get(`/v1/webhooks/${webhookId}/queue`)).held >= 3);
  const toMs = Date.now();
  await post(`/v1/webhooks/${webhookId}/resume`);
  return { fromMs, toMs };
}

test('every sliding minute is exact across two workers and a kill, for a backlog as for first sends, retries, replays and tests by hand together, over a pause and a 429; and neither slows another webhook', async () => {
  receiver.answer = answerMixed;
  const [queue, mixed, fast] = [await draw('queue'), await draw('mixed'), await draw('fast')];
  await makeFailed(mixed.webhookId, MIXED.replayed);
  for (let n = 0; n < QUEUED; n++) {
    await queue.enter();
    if (n < MIXED.records) await mixed.enter();
  }
  const { _id: recordId } = await makeRecord(api.system, { firstname: '0' });
  const { job } = await post('/v1/deliveries/replay', { filter: { webhookId: mixed.webhookId } });
  const paused = pauseAndResume(mixed.webhookId);
  const tests: Promise<unknown>[] = [];
  const beganMs = (await until('the first arrival', () => arrivalsAt('queue')[0])).atMs;

  let isKilled = false;
  let seconds = 0;
  await until(
    'all arrivals',
    async () => {
      await fast.enter();
      if (seconds++ % 8 === 0) tests.push(post(`/v1/webhooks/${mixed.webhookId}/test`, { recordId }));
      if (!isKilled && Date.now() - beganMs > KILLED_MS) {
        workers[0]?.kill('SIGKILL');
        isKilled = true;
      }
      await until('the next second', () => Date.now() % 1000 < 60, 2000).catch(() => undefined);
      if (new Set(arrivalsAt('queue').map(({ deliveryId }) => deliveryId)).size < QUEUED) return false;
      const { status, done } = await get(`/v1/jobs/${job.id}`);
      const { length } = await get(`/v1/webhooks/${mixed.webhookId}/queue`);
      return status === 'completed' && done === MIXED.replayed && length === 0;
    },
    240_000,
  );
  await Promise.all(tests);

  for (const name of ['queue', 'mixed', 'fast'] as const) {
    const times = arrivalsAt(name).map(({ atMs }) => atMs);
    expect([name, judgeWindows(times, stepsOf(LIMITS[name], [])).above]).toEqual([name, 0]);
  }
  // How much of a limit is used depends on the machine (bench:limits measures it): here only that it flows.
  expect(perMinute(arrivalsAt('queue').map(({ atMs }) => atMs))).toBeGreaterThanOrEqual(LIMITS.queue / 2);

  const times = arrivalsAt('mixed').map(({ atMs }) => atMs);
  expect(times.length).toBeGreaterThan(LIMITS.mixed);
  const arrivedIn = (fromMs: number, toMs: number) => times.filter((atMs) => atMs > fromMs && atMs < toMs);
  // A second for a request on its way, and for the answer to be written down.
  expect(arrivedIn(busyMs + 1000, busyMs + BUSY_MS - 100)).toEqual([]);
  const { fromMs, toMs } = await paused;
  expect(arrivedIn(fromMs + 1000, toMs)).toEqual([]);

  const waits = arrivalsAt('fast')
    .map(({ atMs, body }) => atMs - Number(JSON.parse(body).at))
    .sort((a, b) => a - b);
  const shareAt = (share: number) => waits[Math.floor(waits.length * share)];
  expect(waits.length).toBeGreaterThan(40);
  expect(shareAt(0.5)).toBeLessThan(2000);
  expect(shareAt(0.9)).toBeLessThan(5000);
}, 300_000);
