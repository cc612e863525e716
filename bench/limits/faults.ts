import { callApi } from '../../cli/api-client';
import { pause } from '../../lib/clock';
import type { CpuMeter } from './cpu-meter';
import type { Edit } from './limit-steps';
import type { LimitsSystem } from './open-system';
import type { Subject } from './prepare-webhooks';

/** Something that was done to the system, Unix milliseconds. */
export interface Mark {
  name: string;
  fromMs: number;
  /** When it was over: the server answered again, the worker ran again, the edits were answered */
  toMs: number;
  /** Nothing can be sent meanwhile */
  isPause: boolean;
}

/** A limit to be set while the webhook is in use. */
export interface PlannedEdit {
  subject: Subject;
  limit: number;
}

const FROZEN_MS = 20_000;
const EDITS_MAX = 8;
const EDITED_FROM = 3;
const nowMs = (): number => performance.timeOrigin + performance.now();

/**
 * Every other one of the higher limits is edited, but not the highest: in turn lowered to a third and raised to three
 * times as much.
 */
export const planEdits = (subjects: readonly Subject[]): PlannedEdit[] =>
  subjects
    .filter(({ limit }, index) => limit >= EDITED_FROM && index % 2 === 1)
    .slice(0, EDITS_MAX)
    .map((subject, index) => ({
      subject,
      limit: index % 2 === 0 ? Math.max(1, Math.round(subject.limit / 3)) : Math.min(180, subject.limit * 3),
    }));

/** What is done, and when, as a share of the run. */
export const PLAN = [
  { at: 0.2, what: 'worker-killed' },
  { at: 0.35, what: 'worker-frozen' },
  { at: 0.5, what: 'limits-edited' },
  { at: 0.6, what: 'temporal-restarted' },
  { at: 0.78, what: 'mongodb-restarted' },
] as const;

/** Does all of it. @returns what was done, and the edits of each webhook by its key */
export async function doHarm(
  system: LimitsSystem,
  meter: CpuMeter,
  run: { beginMs: number; seconds: number; edits: readonly PlannedEdit[] },
): Promise<{ marks: Mark[]; edited: Map<string, Edit[]> }> {
  const marks: Mark[] = [];
  const edited = new Map<string, Edit[]>();
  for (const { at, what } of PLAN) {
    await pause(run.beginMs + at * run.seconds * 1000 - nowMs());
    const fromMs = nowMs();
    const name = await HARMS[what](system, meter, { ...run, edited });
    marks.push({ name, fromMs, toMs: nowMs(), isPause: what.endsWith('restarted') });
    console.error(`${name}: ${((nowMs() - fromMs) / 1000).toFixed(1)} s`);
  }
  return { marks, edited };
}

type Harm = (
  system: LimitsSystem,
  meter: CpuMeter,
  run: { edits: readonly PlannedEdit[]; edited: Map<string, Edit[]> },
) => Promise<string>;

const restart =
  (which: 'mongodb' | 'temporal', name: string): Harm =>
  async ({ servers }, meter) => {
    meter.leave(which);
    await servers.restart(which);
    meter.follow(which, servers.pids[which]);
    return name;
  };

const HARMS: Record<(typeof PLAN)[number]['what'], Harm> = {
  'worker-killed': async (system, meter) => {
    meter.leave('worker 1');
    await system.workers[0].end('SIGKILL');
    system.workers[0] = await system.spawnWorker();
    meter.follow('worker 1', system.workers[0].pid);
    return 'worker 1 killed';
  },
  'worker-frozen': async ({ workers }) => {
    workers[1].freeze();
    await pause(FROZEN_MS);
    workers[1].thaw();
    return 'worker 2 frozen';
  },
  'limits-edited': async (system, _meter, { edits, edited }) => {
    for (const edit of edits) edited.set(edit.subject.key, [await editLimit(system, edit)]);
    return `${edits.length} limits edited`;
  },
  'temporal-restarted': restart('temporal', 'Temporal killed'),
  'mongodb-restarted': restart('mongodb', 'MongoDB killed'),
};

/** Replaces the settings of a webhook through the API, with another limit. */
async function editLimit({ caller }: LimitsSystem, { subject, limit }: PlannedEdit): Promise<Edit> {
  const path = `/v1/webhooks/${subject.webhookId}`;
  const { settings } = await callApi<{ settings: object }>(caller, 'GET', path);
  const askedMs = nowMs();
  await callApi(caller, 'PUT', path, { settings: { ...settings, requestsPerMinute: limit } });
  return { askedMs, answeredMs: nowMs(), limit };
}
