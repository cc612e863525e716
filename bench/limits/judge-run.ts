import type { Mark } from './faults';
import { countUse, longestSilence, type Stretch, shareOf } from './judge-use';
import { judgeWindows } from './judge-windows';
import { type Edit, type Step, stepsOf } from './limit-steps';
import type { Account, SecondSend } from './reconcile';

/** One webhook as the receiver saw it. */
export interface ObservedWebhook {
  key: string;
  limit: number;
  /** Deliveries put in place for it */
  planned: number;
  edits: readonly Edit[];
  /** Arrivals, Unix milliseconds, in order */
  atMs: readonly number[];
}

/** What a run gave, before it is judged. */
export interface Observed {
  subjects: readonly ObservedWebhook[];
  run: { beginMs: number; quietEndMs: number; endMs: number };
  marks: readonly Mark[];
  cpu: Record<'begin' | 'quiet' | 'end', Record<string, number>>;
  loadAverage: number;
  account: Account;
  secondSends: readonly SecondSend[];
  versions: Record<string, string>;
}

/** Use of their limits by some webhooks, as shares 0..1. */
export interface GroupUse {
  name: string;
  webhooks: number;
  perMinute: number;
  arrived: number;
  quiet: number;
  /** Whole run, without the times in which a server was away */
  unpaused: number;
  whole: number;
  /** The webhook that used least of its limit, without those times */
  least: number;
  windowsAbove: number;
  worst: number;
  /** Share used in each stretch of `bucketSeconds` from the beginning of the run */
  overTime: number[];
}

/** A webhook whose limit was edited. */
export interface EditedUse {
  key: string;
  from: number;
  to: number;
  before: number;
  /** From the moment on from which the edit is judged, without pauses */
  after: number;
  windowsAbove: number;
  worst: number;
}

/** The whole run, judged. */
export interface Judged {
  seconds: number;
  bucketSeconds: number;
  groups: GroupUse[];
  edited: EditedUse[];
  marks: { name: string; atSeconds: number; lastedSeconds: number; silenceSeconds: number; usedInMinute: number }[];
  windowsAbove: number;
  ranOut: string[];
  secondSends: number;
  /** Of these, whose first arrival was within a second before a kill: nobody could know that it had been answered */
  secondSendsAtKill: number;
  account: Account;
  perSecond: number;
  cpuPerSend: { quiet: Record<string, number>; whole: Record<string, number> };
  loadAverage: number;
}

const BUCKET_MS = 15_000;
const AT_KILL_MS = 1000;
const GROUPS = [
  { name: '1', from: 1, to: 1 },
  { name: '2 to 5', from: 2, to: 5 },
  { name: '6 to 30', from: 6, to: 30 },
  { name: '31 to 180', from: 31, to: 180 },
];

type Subject = ObservedWebhook & { steps: Step[] };
interface Times {
  quiet: Stretch;
  whole: Stretch;
  pauses: Stretch[];
}

/** Judges everything that the receiver saw. */
export function judgeRun(observed: Observed): Judged {
  const { beginMs, quietEndMs, endMs } = observed.run;
  const subjects = observed.subjects.map((one): Subject => ({ ...one, steps: stepsOf(one.limit, one.edits) }));
  const times: Times = {
    quiet: { fromMs: beginMs, toMs: quietEndMs },
    whole: { fromMs: beginMs, toMs: endMs },
    pauses: observed.marks.filter(({ isPause }) => isPause),
  };
  const steady = subjects.filter(({ edits }) => edits.length === 0);
  const groups = GROUPS.map(({ name, from, to }) => ({
    name,
    members: steady.filter(({ limit }) => limit >= from && limit <= to),
  }));
  const all = subjects.flatMap(({ atMs }) => atMs).sort((a, b) => a - b);
  const sends = countUse(subjects, times.whole).arrived;
  const { quiet, begin, end } = observed.cpu;
  return {
    seconds: (endMs - beginMs) / 1000,
    bucketSeconds: BUCKET_MS / 1000,
    groups: [...groups, { name: 'all, edits followed', members: subjects }]
      .filter(({ members }) => members.length > 0)
      .map(({ name, members }) => useOf(name, members, times)),
    edited: subjects.filter(({ edits }) => edits.length > 0).map((subject) => editedUse(subject, times)),
    marks: observed.marks.map(({ name, fromMs, toMs }) => ({
      name,
      atSeconds: (fromMs - beginMs) / 1000,
      lastedSeconds: (toMs - fromMs) / 1000,
      silenceSeconds: longestSilence(all, minuteFrom(fromMs, endMs)) / 1000,
      usedInMinute: ratio(countUse(subjects, minuteFrom(fromMs, endMs))),
    })),
    windowsAbove: subjects.reduce((sum, { atMs, steps }) => sum + judgeWindows(atMs, steps).above, 0),
    ranOut: subjects
      .filter(({ atMs, planned }) => atMs.filter((at) => at < endMs).length >= planned)
      .map(({ key }) => key),
    secondSends: observed.secondSends.length,
    secondSendsAtKill: observed.secondSends.filter(({ firstMs }) =>
      observed.marks.some(({ name, fromMs }) => name.includes('killed') && Math.abs(fromMs - firstMs) <= AT_KILL_MS),
    ).length,
    account: observed.account,
    perSecond: (sends * 1000) / (endMs - beginMs),
    cpuPerSend: {
      quiet: perSend(begin, quiet, countUse(subjects, times.quiet).arrived),
      whole: perSend(begin, end, sends),
    },
    loadAverage: observed.loadAverage,
  };
}

/** The minute from an instant on, or what is left of the run. */
const minuteFrom = (fromMs: number, endMs: number): Stretch => ({ fromMs, toMs: Math.min(endMs, fromMs + 60_000) });

const ratio = ({ arrived, allowed }: { arrived: number; allowed: number }): number => arrived / allowed;

function useOf(name: string, members: readonly Subject[], { quiet, whole, pauses }: Times): GroupUse {
  const windows = members.map(({ atMs, steps }) => judgeWindows(atMs, steps));
  const buckets = Array.from({ length: Math.floor((whole.toMs - whole.fromMs) / BUCKET_MS) }, (_, index) => ({
    fromMs: whole.fromMs + index * BUCKET_MS,
    toMs: whole.fromMs + (index + 1) * BUCKET_MS,
  }));
  const steady = members.filter(({ edits }) => edits.length === 0);
  const shares = steady.map(({ atMs, limit }) => shareOf(atMs, limit, whole, pauses)).filter(Number.isFinite);
  return {
    name,
    webhooks: members.length,
    perMinute: members.reduce((sum, { limit }) => sum + limit, 0),
    arrived: countUse(members, whole).arrived,
    quiet: ratio(countUse(members, quiet)),
    unpaused: ratio(countUse(members, whole, pauses)),
    whole: ratio(countUse(members, whole)),
    least: Math.min(...shares),
    windowsAbove: windows.reduce((sum, { above }) => sum + above, 0),
    worst: Math.max(...windows.map(({ worst }) => worst)),
    overTime: buckets.map((bucket) => ratio(countUse(members, bucket))),
  };
}

function editedUse(subject: Subject, { whole, pauses }: Times): EditedUse {
  const editedMs = subject.steps[1]?.fromMs ?? whole.toMs;
  const { above, worst } = judgeWindows(subject.atMs, subject.steps);
  return {
    key: subject.key,
    from: subject.limit,
    to: subject.steps.at(-1)?.limit ?? subject.limit,
    before: ratio(countUse([subject], { fromMs: whole.fromMs, toMs: subject.edits[0]?.askedMs ?? whole.toMs }, pauses)),
    after: ratio(countUse([subject], { fromMs: editedMs, toMs: whole.toMs }, pauses)),
    windowsAbove: above,
    worst,
  };
}

const perSend = (
  before: Record<string, number>,
  after: Record<string, number>,
  sends: number,
): Record<string, number> =>
  Object.fromEntries(Object.entries(after).map(([name, ms]) => [name, (ms - (before[name] ?? 0)) / sends]));
