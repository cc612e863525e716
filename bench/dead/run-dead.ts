import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../lib/clock';
import type { RecordId } from '../../schemas/ids';
import { openEngine } from '../../workers/open-engine';
import type { DeadOptions } from '../limits/main';
import { type Bench, openBench } from '../open-bench';
import { describeRun } from '../report/describe-run';
import { measurePhase, type Phase } from './measure-phase';
import { type DeadQueue, type DeadState, describeDead, endDead, queueDead } from './queue-dead';
import { traceWay } from './trace-way';
import { writeDeadReport } from './write-dead-report';

const RESULTS = join(__dirname, '..', '..', '..', 'bench', 'results');
const MAPS = 50;
const WARM_UP_SECONDS = 60;
/** Before each phase, and as much more as a request may take: what came before is through */
const SETTLE_MS = 15_000;
/** So many of a phase are printed */
const SLOWEST = 6;
/** An event that took longer stood still somewhere: its way is printed */
const STANDSTILL_MS = 250;
/** The load runs this long before a phase is measured */
const LEAD_IN_SECONDS = 20;
const nowMs = (): number => performance.timeOrigin + performance.now();

/** Phases with and without dead webhooks in turn; keeps the report as `bench/results/dead.md`, or `dead-many.md`. */
export async function runDead(options: DeadOptions): Promise<void> {
  const phaseEvents = Math.round(options.rate * (LEAD_IN_SECONDS + options.seconds));
  const warmUp = Math.round(options.rate * (LEAD_IN_SECONDS + WARM_UP_SECONDS));
  const records = warmUp + phaseEvents * 2 * options.pairs;
  const bench = await openBench({ maps: MAPS, records, inject: 'api' });
  try {
    const facts = await describeRun(bench.servers, {
      command: 'bench:limits',
      settings: {
        'healthy webhooks': `${MAPS * 2} at 180 a minute on ${MAPS} maps, ${options.rate} events a second in all`,
        [options.healthy ? 'in place of the dead, webhooks that answer' : 'dead webhooks']:
          `${options.webhooks} at ${options.limit} a minute, time limit ${options.timeLimit} s, ${options.queued} deliveries queued; new ones in each phase`,
        'before the first phase': `${LEAD_IN_SECONDS + WARM_UP_SECONDS} s of the load, and ${options.queued} deliveries queued and ended, which stay in the worker's cache of workflows as far as they fit`,
        'before each phase': `${LEAD_IN_SECONDS} s of the load`,
        processes: 'API, pump and workers in one, as in npm start',
      },
    });
    const { phases, states } = await runPhases(bench, options, { phaseEvents, warmUp });
    const report = writeDeadReport({ facts, phases, states, webhooks: options.webhooks });
    console.log(report);
    if (!options.write || options.healthy || options.whileQueueing) return;
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(join(RESULTS, options.webhooks === 1 ? 'dead.md' : 'dead-many.md'), report);
  } finally {
    await bench.close();
  }
}

async function runPhases(
  bench: Bench,
  options: DeadOptions,
  { phaseEvents, warmUp }: { phaseEvents: number; warmUp: number },
): Promise<{ phases: Phase[]; states: DeadState[] }> {
  const { ours, receiver, servers } = bench;
  const { engine, close } = openEngine({
    TEMPORAL_ADDRESS: servers.temporalAddress,
    TEMPORAL_NAMESPACE: 'default',
    TASK_QUEUE_PREFIX: '',
    TEMPORAL_UI_URL: undefined,
    SECRET_KEYS: ours.secretKeys,
  });
  const jobs = [...ours.jobs];
  const calmMs = SETTLE_MS + options.timeLimit * 1000;
  const measure = async (kind: Phase['kind'], events = phaseEvents): Promise<Phase> => {
    const phase = await measurePhase(bench, kind, {
      jobs: jobs.splice(0, events),
      perSecond: options.rate,
      leadIn: LEAD_IN_SECONDS,
    });
    const slowest = [...phase.timed].sort((a, b) => b.ms - a.ms).slice(0, SLOWEST);
    const times = slowest.map(({ atSeconds, ms }) => `${ms.toFixed(0)} ms at ${atSeconds.toFixed(1)} s`).join(', ');
    console.error(`${kind}: ${phase.timed.length} of ${phase.events} arrived; slowest ${times}`);
    for (const { key, postedAt, ms } of slowest.filter((slow) => slow.ms > STANDSTILL_MS))
      console.error(
        `  ${ms.toFixed(0)} ms: ${await traceWay({ db: ours.db, engine }, { recordId: key as RecordId, postedAt })}`,
      );
    return phase;
  };
  const recordId = jobs[0]?.key ?? ('' as never);
  const phases: Phase[] = [];
  const states: DeadState[] = [];
  const queue = (key: string): Promise<DeadQueue> =>
    queueDead(
      { db: ours.db, engine },
      {
        accountId: ours.accountId,
        recordId,
        receiverUrl: receiver.url,
        key,
        webhooks: options.webhooks,
        limit: options.limit,
        timeLimitSeconds: options.timeLimit,
        queued: options.queued,
        perSecond: options.fillRate,
        calmMs,
        isHealthy: options.healthy,
      },
    );
  const end = async (dead: DeadQueue): Promise<void> => {
    await endDead(engine, dead);
    await pause(calmMs);
  };
  const measureBesideDead = async (pair: number): Promise<Phase> => {
    const queueing = queue(`dead-${pair}`);
    if (!options.whileQueueing) {
      const leftMs = (await queueing).leavesMs - LEAD_IN_SECONDS * 1000 - nowMs();
      if (leftMs < 0) throw new Error('The workers fell behind while the queue was put in place; lower --fill-rate.');
      await pause(leftMs);
    }
    const [phase, dead] = await Promise.all([measure('with'), queueing]);
    states.push(await describeDead(ours.db, dead));
    await end(dead);
    return phase;
  };
  try {
    await ours.start();
    await measure('without', warmUp);
    // A worker in use has its cache of workflows full: waiting entries do that, whatever they wait for.
    await end(await queue('before'));
    for (let pair = 0; pair < options.pairs; pair++) {
      // In turn, so that what drifts over the run does not count for one of them.
      const kinds = pair % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const);
      for (const kind of kinds) phases.push(await (kind === 'with' ? measureBesideDead(pair) : measure('without')));
    }
    await ours.stop();
  } finally {
    await close();
  }
  return { phases, states };
}
