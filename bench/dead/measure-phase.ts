import { pause } from '../../lib/clock';
import { sendOpen, untilArrived } from '../load/send';
import { countCommands } from '../measure/count-operations';
import { cpuMs, loadAverage } from '../measure/process-use';
import type { Bench } from '../open-bench';
import type { Job } from '../target';

/** One phase of steady light load on the healthy webhooks. */
export interface Phase {
  kind: 'without' | 'with';
  events: number;
  missing: number;
  /** Those that arrived, in the order they were posted */
  timed: Timed[];
  /** Parts of the phase in order: its first minute, in which a dead webhook is tried, and the rest */
  parts: Part[];
  loadAverage: number;
}

/** An event: its record, Unix milliseconds, seconds into the phase, milliseconds from event time to arrival. */
export interface Timed {
  key: string;
  postedAt: number;
  atSeconds: number;
  ms: number;
}

/** What a part used: milliseconds of CPU a second, and MongoDB's commands a second. */
export interface Part {
  name: PartName;
  own: number;
  temporal: number;
  mongodb: number;
  commands: number;
}

export type PartName = 'first minute' | 'after it';

const ARRIVE_MS = 60_000;
const FIRST_MINUTE = 60;

/** The part of its phase in which an event was posted. */
export const partOf = ({ atSeconds }: Timed): PartName => (atSeconds < FIRST_MINUTE ? 'first minute' : 'after it');

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
  const { ours, receiver } = bench;
  const first = Math.round(load.leadIn * load.perSecond);
  const jobs = load.jobs.slice(first);
  await Promise.all([sendOpen(ours, { ...load, jobs: load.jobs.slice(0, first) }), pause(load.leadIn * 1000)]);
  receiver.begin();
  const began = await readUse(bench);
  const minute = jobs.length / load.perSecond > FIRST_MINUTE ? pause(FIRST_MINUTE * 1000) : null;
  const [sent, parted] = await Promise.all([sendOpen(ours, { ...load, jobs }), minute?.then(() => readUse(bench))]);
  const missing = await untilArrived(receiver, sent.postedAt.keys(), ARRIVE_MS);
  const ended = await readUse(bench);
  const [firstAt = 0] = sent.postedAt.values();
  return {
    kind,
    events: jobs.length,
    missing: missing.length,
    timed: [...sent.postedAt].flatMap(([key, postedAt]) =>
      (receiver.arrivals.get(key) ?? [])
        .slice(0, 1)
        .map(({ atMs }) => ({ key, postedAt, atSeconds: (postedAt - firstAt) / 1000, ms: atMs - postedAt })),
    ),
    parts: parted
      ? [usedBetween('first minute', began, parted), usedBetween('after it', parted, ended)]
      : [usedBetween('first minute', began, ended)],
    loadAverage: loadAverage(),
  };
}

interface Reading extends Omit<Part, 'name'> {
  atMs: number;
}

const readUse = async ({ ours, servers }: Bench): Promise<Reading> => ({
  atMs: performance.now(),
  own: cpuMs(ours.pid()),
  temporal: cpuMs(servers.pids.temporal),
  mongodb: cpuMs(servers.pids.mongodb),
  commands: sumCommands(await countCommands(ours.db)),
});

/** Without those in brackets, which are no commands. */
const sumCommands = (counts: Record<string, number>): number =>
  Object.entries(counts).reduce((sum, [name, count]) => sum + (name.startsWith('(') ? 0 : count), 0);

function usedBetween(name: PartName, from: Reading, to: Reading): Part {
  const seconds = (to.atMs - from.atMs) / 1000;
  const grown = (of: Exclude<keyof Part, 'name'>): number => (to[of] - from[of]) / seconds;
  return {
    name,
    own: grown('own'),
    temporal: grown('temporal'),
    mongodb: grown('mongodb'),
    commands: grown('commands'),
  };
}
