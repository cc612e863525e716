import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { peakResidentMb, residentMb } from '../../bench/measure/process-use';
import { FINAL_STATUSES, type StoredDelivery } from '../../schemas/delivery';
import type { TagId } from '../../schemas/ids';
import { DELIVERIES } from '../../store/deliveries';
import { freePort } from '../servers/free-port';
import { HOSTILE } from '../servers/hostile/receivers';
import { AUTHORITY_FILE, type Stranger } from '../servers/hostile/stranger';
import { inspectedAt, type LiveMemory, openLiveMemory } from '../servers/live-memory';
import { makeMap, makeRecord, makeTags, makeWebhook, tagToWebhook } from '../servers/make';
import { openSystem, type TestSystem } from '../servers/open-system';
import { spawnWorker, type WorkerProcess } from '../servers/spawn-worker';
import { until } from '../servers/until';

/** Each round sends one delivery to every receiver; the first two warm the worker up, after ten a breaker would open. */
const ROUNDS = 6;
/**
 * What the worker may come to hold in a later round above its warm rounds, garbage collected first: less than 1 here.
 * With a megabyte kept of each answer it is 200.
 */
const GROWTH_MB_MAX = 5;
const growthOf = (rounds: readonly number[]): number => Math.max(...rounds.slice(2)) - Math.max(...rounds.slice(0, 2));
/** What it may ever have held above its size before the first delivery, 150 here; one endless body kept whole is more. */
const PEAK_MB_MAX = 320;

let system: TestSystem;
let worker: WorkerProcess;
let memory: LiveMemory;
const strangers: Stranger[] = [];
beforeAll(async () => {
  system = await openSystem({ hasWorkers: false });
  const port = await freePort();
  worker = await spawnWorker(system, undefined, {
    NODE_EXTRA_CA_CERTS: AUTHORITY_FILE,
    WORKFLOW_CACHE: '50',
    NODE_OPTIONS: inspectedAt(port),
  });
  memory = await openLiveMemory(port);
});
afterAll(async () => {
  memory?.close();
  await worker?.stop();
  await Promise.all(strangers.map((stranger) => stranger.close()));
  await system?.close();
});

test('a worker delivers to every hostile receiver again and again, each ends in its class, and memory stays flat', async () => {
  const [tagId] = (await makeTags(system, 'Customer')) as [TagId];
  for (const { name, open, isSlow = false } of HOSTILE) {
    const stranger = await open();
    strangers.push(stranger);
    const webhookId = await makeWebhook(system, {
      name,
      url: stranger.url,
      schedule: { preset: 'none' },
      timeoutSeconds: isSlow ? 1 : 10, // a busy machine must not end what ends by itself
    });
    await makeMap(system, tagToWebhook(tagId, webhookId), name);
  }

  const deliveries = system.db.model(DELIVERIES);
  let sent = 0;
  const rounds: number[] = [];
  const idleMb = residentMb(worker.pid);
  for (let round = 0; round < ROUNDS; round++) {
    await makeRecord(system, {}, [tagId]);
    sent += HOSTILE.length;
    await until(
      `round ${round} to end`,
      async () => (await deliveries.countDocuments({ status: { $in: FINAL_STATUSES } })) === sent,
      60_000,
    );
    rounds.push(await memory.readMb());
  }

  const rows = await deliveries.find().lean<StoredDelivery[]>();
  for (const row of HOSTILE) {
    const ended = rows.filter(({ source }) => source.name === row.name);
    expect([row.name, ended.length]).toEqual([row.name, rounds.length]);
    // On a machine that is too busy Temporal gives up an attempt as vanished; the first two rounds may have that.
    const known = ended.filter((delivery) => delivery.class !== 'unknown');
    expect([row.name, known.length >= rounds.length - 2]).toEqual([row.name, true]);
    for (const { attempts, status } of known) {
      const [attempt] = attempts;
      expect([row.name, attempts.length, attempt?.class, attempt?.status]).toEqual([
        row.name,
        1,
        row.class,
        row.status,
      ]);
      if (row.says) expect(attempt?.error).toMatch(row.says);
      expect(status).toBe(row.class === 'success' ? 'delivered' : 'failed');
      expect(attempt?.response?.body.length ?? 0).toBeLessThanOrEqual(16_384);
    }
  }
  expect(growthOf(rounds)).toBeLessThan(GROWTH_MB_MAX);
  expect(peakResidentMb(worker.pid) - idleMb).toBeLessThan(PEAK_MB_MAX);
  await until('every connection to be closed', () => {
    const open = HOSTILE.filter((_, index) => strangers[index]?.openCount()).map(({ name }) => name);
    if (open.length > 0) throw new Error(`still open: ${open.join('; ')}`);
    return true;
  });
}, 240_000);
