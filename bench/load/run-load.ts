import { pause } from '../../lib/clock';
import { median, percentile } from '../measure/percentile';
import { cpuMs, loadAverage, residentMb } from '../measure/process-use';
import type { Receiver } from '../open-receiver';
import type { Job, Target } from '../target';
import { type Sent, sendClosed, sendOpen, untilArrived } from './send';

/** One load: closed with 16 connections, or open at a rate. */
export type Load =
  | { kind: 'closed'; until: 'accepted' | 'arrived'; connections: number; events: number }
  | { kind: 'open'; perSecond: number; seconds: number };

/** What one load gave. Milliseconds everywhere; CPU in ms an event. */
export interface Measured {
  target: Target['name'];
  load: string;
  events: number;
  /** Not arrived within 60 s of the last post: lost, or late */
  lost: number;
  doubled: number;
  perSecond: number;
  p50: number;
  p90: number;
  p99: number;
  acceptedP50: number;
  cpu: { own: number; temporal: number; mongodb: number; receiver: number; load: number };
  residentMb: { own: number; temporal: number; mongodb: number };
  loadAverage: number;
}

/** What is measured besides the target. */
export interface Around {
  receiver: Receiver;
  pids: { temporal: number; mongodb: number };
}

const ARRIVE_MS = 60_000;
/** What follows an arrival (the end of the workflow, the log) still belongs to its event. */
const SETTLE_MS = 1000;

export const nameOf = (load: Load): string =>
  load.kind === 'open'
    ? `open, ${load.perSecond}/s`
    : `closed, ${load.connections} connections, next when ${load.until}`;

export const eventsOf = (load: Load): number =>
  load.kind === 'open' ? Math.round(load.perSecond * load.seconds) : load.events;

/** Runs one load on a target and measures it. */
export async function runLoad(target: Target, around: Around, load: Load, jobs: readonly Job[]): Promise<Measured> {
  const { receiver, pids } = around;
  const chosen = jobs.slice(0, eventsOf(load));
  if (chosen.length < eventsOf(load)) throw new Error(`${nameOf(load)} needs ${eventsOf(load)} records`);
  receiver.begin();
  const before = readCpu(target, around);
  const sent: Sent =
    load.kind === 'open'
      ? await sendOpen(target, { jobs: chosen, perSecond: load.perSecond })
      : await sendClosed(target, receiver, { ...load, jobs: chosen });
  const missing = await untilArrived(receiver, sent.postedAt.keys(), ARRIVE_MS);
  await pause(SETTLE_MS);
  const after = readCpu(target, around);

  const arrivals = [...sent.postedAt].flatMap(([key, postedAt]) => {
    const [first] = receiver.arrivals.get(key) ?? [];
    return first ? [{ atMs: first.atMs, latencyMs: first.atMs - postedAt }] : [];
  });
  const latencies = arrivals.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  const beganMs = Math.min(...sent.postedAt.values());
  const endedMs = Math.max(...arrivals.map(({ atMs }) => atMs));
  const per = (name: keyof Measured['cpu']): number => (after[name] - before[name]) / chosen.length;
  return {
    target: target.name,
    load: nameOf(load),
    events: chosen.length,
    lost: missing.length,
    doubled: [...receiver.arrivals.values()].filter((list) => list.length > 1).length,
    perSecond: (arrivals.length * 1000) / (endedMs - beganMs),
    p50: percentile(latencies, 0.5),
    p90: percentile(latencies, 0.9),
    p99: percentile(latencies, 0.99),
    acceptedP50: median(sent.acceptedMs),
    cpu: {
      own: per('own'),
      temporal: per('temporal'),
      mongodb: per('mongodb'),
      receiver: per('receiver'),
      load: per('load'),
    },
    residentMb: {
      own: residentMb(target.pid()),
      temporal: residentMb(pids.temporal),
      mongodb: residentMb(pids.mongodb),
    },
    loadAverage: loadAverage(),
  };
}

function readCpu(target: Target, { receiver, pids }: Around): Measured['cpu'] {
  return {
    own: cpuMs(target.pid()),
    temporal: cpuMs(pids.temporal),
    mongodb: cpuMs(pids.mongodb),
    receiver: cpuMs(receiver.pid),
    load: cpuMs(process.pid),
  };
}
