import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../lib/clock';
import { openEngine } from '../../workers/open-engine';
import type { DeadOptions } from '../limits/main';
import { type Bench, openBench } from '../open-bench';
import { describeRun } from '../report/describe-run';
import { measurePhase, type Phase } from './measure-phase';
import { type DeadState, describeDead, endDead, queueDead } from './queue-dead';
import { writeDeadReport } from './write-dead-report';

const RESULTS = join(__dirname, '..', '..', '..', 'bench', 'results');
const MAPS = 50;
const WARM_UP_SECONDS = 60;
/** What the phase before left under way: a request takes at most 10 s */
const SETTLE_MS = 20_000;
const nowMs = (): number => performance.timeOrigin + performance.now();

/** Phases with and without a dead webhook in turn; keeps them as `bench/results/dead.*`. */
export async function runDead(options: DeadOptions): Promise<void> {
  const phaseEvents = Math.round(options.rate * options.seconds);
  const warmUp = Math.round(options.rate * WARM_UP_SECONDS);
  const records = warmUp + phaseEvents * 2 * options.pairs;
  const bench = await openBench({ maps: MAPS, records, inject: 'api' });
  try {
    const facts = await describeRun(bench.servers, {
      command: 'bench:limits',
      settings: {
        'healthy webhooks': `${MAPS * 2} at 180 a minute on ${MAPS} maps, ${options.rate} events a second in all`,
        [options.healthy ? 'in place of the dead webhook, one that answers' : 'dead webhook']:
          `180 a minute, time limit 10 s, ${options.queued} deliveries queued; a new one in each phase`,
        processes: 'API, pump and workers in one, as in npm start',
      },
    });
    const { phases, states } = await runPhases(bench, options, { phaseEvents, warmUp });
    const report = writeDeadReport({ facts, phases, states });
    console.log(report);
    if (!options.write || options.healthy) return;
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(join(RESULTS, 'dead.md'), report);
    const kept = phases.map(({ latencies: _, ...phase }) => phase);
    writeFileSync(join(RESULTS, 'dead.json'), `${JSON.stringify({ facts, phases: kept, states }, null, 2)}\n`);
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
  const measure = async (kind: Phase['kind'], events = phaseEvents): Promise<Phase> => {
    const phase = await measurePhase(bench, kind, { jobs: jobs.splice(0, events), perSecond: options.rate });
    const slowest = phase.slowest.map(({ atSeconds, ms }) => `${ms} ms at ${atSeconds} s`).join(', ');
    console.error(`${kind}: p50 ${phase.p50.toFixed(0)} ms, p99 ${phase.p99.toFixed(0)} ms; slowest ${slowest}`);
    return phase;
  };
  const recordId = jobs[0]?.key ?? ('' as never);
  const phases: Phase[] = [];
  const states: DeadState[] = [];
  const measureBesideDead = async (pair: number): Promise<Phase> => {
    const dead = await queueDead(
      { db: ours.db, engine },
      {
        accountId: ours.accountId,
        recordId,
        receiverUrl: receiver.url,
        key: `dead-${pair}`,
        queued: options.queued,
        perSecond: options.fillRate,
        isHealthy: options.healthy,
      },
    );
    await pause(dead.leavesMs - nowMs());
    const phase = await measure('with');
    states.push(await describeDead(ours.db, dead));
    await endDead(engine, dead);
    await pause(SETTLE_MS);
    return phase;
  };
  try {
    await ours.start();
    await measure('without', warmUp);
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
