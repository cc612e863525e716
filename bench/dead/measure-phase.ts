import { pause } from '../../lib/clock';
import { sendOpen, untilArrived } from '../load/send';
import { type Counts, countCommands, perEvent } from '../measure/count-operations';
import { percentile } from '../measure/percentile';
import { cpuMs, loadAverage } from '../measure/process-use';
import type { Bench } from '../open-bench';
import type { Job } from '../target';

/** One phase of steady light load on the healthy webhooks. */
export interface Phase {
  kind: 'without' | 'with';
  events: number;
  missing: number;
  /** Event time to arrival, milliseconds, sorted */
  latencies: number[];
  p50: number;
  p90: number;
  p99: number;
  /** The slowest events, slowest first: record, Unix milliseconds, seconds into the phase, milliseconds to the arrival */
  slowest: { key: string; postedAt: number; atSeconds: number; ms: number }[];
  /** Milliseconds of CPU a second */
  cpu: { own: number; temporal: number; mongodb: number };
  /** MongoDB's commands a second, the most frequent first */
  commands: Counts;
  loadAverage: number;
}

const ARRIVE_MS = 60_000;
const SLOWEST = 6;

/**
 * Posts events at fixed times and measures until the last has arrived.
 *
 * @param load.leadIn seconds of the same load before, which are not measured: after standing still the first events are slow
 */
export async function measurePhase(
  bench: Bench,
  kind: Phase['kind'],
  load: { jobs: readonly Job[]; perSecond: number; leadIn: number },
): Promise<Phase> {
  const { ours, receiver, servers } = bench;
  const first = Math.round(load.leadIn * load.perSecond);
  const jobs = load.jobs.slice(first);
  await Promise.all([sendOpen(ours, { ...load, jobs: load.jobs.slice(0, first) }), pause(load.leadIn * 1000)]);
  receiver.begin();
  const read = () => ({
    own: cpuMs(ours.pid()),
    temporal: cpuMs(servers.pids.temporal),
    mongodb: cpuMs(servers.pids.mongodb),
  });
  const [before, commands, beganMs] = [read(), await countCommands(ours.db), performance.now()];
  const sent = await sendOpen(ours, { ...load, jobs });
  const missing = await untilArrived(receiver, sent.postedAt.keys(), ARRIVE_MS);
  const seconds = (performance.now() - beganMs) / 1000;
  const after = read();
  const timed = [...sent.postedAt].flatMap(([key, postedAt]) =>
    (receiver.arrivals.get(key) ?? []).slice(0, 1).map(({ atMs }) => ({ key, postedAt, ms: atMs - postedAt })),
  );
  const firstAt = Math.min(...timed.map(({ postedAt }) => postedAt));
  const latencies = timed.map(({ ms }) => ms).sort((a, b) => a - b);
  return {
    kind,
    events: jobs.length,
    missing: missing.length,
    latencies,
    p50: percentile(latencies, 0.5),
    p90: percentile(latencies, 0.9),
    p99: percentile(latencies, 0.99),
    slowest: timed
      .sort((a, b) => b.ms - a.ms)
      .slice(0, SLOWEST)
      .map(({ key, postedAt, ms }) => ({
        key,
        postedAt,
        atSeconds: Math.round((postedAt - firstAt) / 100) / 10,
        ms: Math.round(ms),
      })),
    cpu: {
      own: (after.own - before.own) / seconds,
      temporal: (after.temporal - before.temporal) / seconds,
      mongodb: (after.mongodb - before.mongodb) / seconds,
    },
    commands: perEvent(commands, await countCommands(ours.db), seconds),
    loadAverage: loadAverage(),
  };
}
