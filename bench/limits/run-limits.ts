import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../lib/clock';
import type { DeliveryId } from '../../schemas/ids';
import { loadAverage } from '../measure/process-use';
import { describeRun } from '../report/describe-run';
import { chooseLimits } from './choose-limits';
import { type CpuMeter, openCpuMeter } from './cpu-meter';
import { drawPlot } from './draw-plot';
import { doHarm, PLAN, planEdits } from './faults';
import { inOrderOfTurns, insertDeliveries, LEAD_MS, startDeliveries, startHead } from './fill';
import { findBroken } from './find-broken';
import { judgeRun, type Observed } from './judge-run';
import type { LimitsOptions } from './main';
import { type LimitsSystem, openSystem } from './open-system';
import { makeRecord, makeWebhooks, type Subject } from './prepare-webhooks';
import { findSecondSends, reconcile } from './reconcile';
import { writeLimitsReport } from './write-limits-report';

const RESULTS = join(__dirname, '..', '..', '..', 'bench', 'results');
/** From the first arrivals to the run: every webhook has then sent at least once. */
const CALM_MS = 65_000;
const SPARE_SECONDS = 60;
const GOLDEN = 0.618034;
const nowMs = (): number => performance.timeOrigin + performance.now();

/**
 * Fills the backlog, lets it run, does harm, judges what arrived; keeps it as `bench/results/limits.*`. A promise that was
 * broken makes the process end with 1.
 */
export async function runLimits(options: LimitsOptions): Promise<void> {
  const system = await openSystem();
  try {
    const facts = await describeRun(system.servers, {
      command: 'bench:limits',
      settings: {
        webhooks: `${options.webhooks}, their limits together ${options.sum} a minute`,
        processes: 'API and pump in one, two workers, receiver, the bench itself; they share the cores',
        'workflows a worker keeps in memory': process.env.WORKFLOW_CACHE ?? '1000',
      },
    });
    const observed = await observe(system, options);
    const judged = judgeRun(observed);
    const report = writeLimitsReport({ facts, judged });
    console.log(report);
    const broken = findBroken(judged);
    if (broken.length > 0) {
      console.error(`Promises were broken: ${broken.join('; ')}.`);
      process.exitCode = 1;
    }
    if (!options.write) return;
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(join(RESULTS, 'limits.md'), report);
    writeFileSync(join(RESULTS, 'limits.json'), `${JSON.stringify({ facts, judged }, null, 2)}\n`);
    writeFileSync(join(RESULTS, 'limits.svg'), drawPlot(judged));
  } finally {
    await system.close();
  }
}

async function observe(system: LimitsSystem, options: LimitsOptions): Promise<Observed> {
  const { db, engine, accountId, receiver, servers } = system;
  const limits = chooseLimits(options.webhooks, options.sum);
  const subjects = await makeWebhooks(db, { accountId, receiverUrl: receiver.url, limits });
  const edits = options.faults ? planEdits(subjects) : [];
  const highest = new Map(edits.map(({ subject, limit }) => [subject.key, limit]));
  const lastMs = CALM_MS + (options.seconds + SPARE_SECONDS) * 1000;
  const wanted = subjects.map((subject) => {
    const limit = Math.max(subject.limit, highest.get(subject.key) ?? 0);
    return { ...subject, count: Math.ceil((limit * (lastMs + LEAD_MS)) / 60_000) + 1 };
  });
  const total = wanted.reduce((sum, { count }) => sum + count, 0);
  const fillMs = (total * 1000) / options.fillRate + options.webhooks * 60 + 10_000;
  console.error(`${total} deliveries are put in place, in about ${Math.ceil(fillMs / 1000)} s`);
  const firstMs = nowMs() + fillMs + LEAD_MS;
  const deliveryIds = await putInPlace(system, wanted, { firstMs, perSecond: options.fillRate });
  if (nowMs() > firstMs - LEAD_MS) console.error(`filled ${((nowMs() - firstMs) / 1000 + 15).toFixed(0)} s late`);

  const beginMs = Math.max(nowMs(), firstMs - LEAD_MS) + CALM_MS;
  await pause(beginMs - nowMs());
  const meter = meterOf(system);
  const endMs = beginMs + options.seconds * 1000;
  const quietEndMs = options.faults ? beginMs + PLAN[0].at * options.seconds * 1000 : endMs;
  const begin = meter.read();
  const quiet = pause(quietEndMs - nowMs() - 50).then(() => meter.read());
  const harmed = options.faults ? await doHarm(system, meter, { beginMs, seconds: options.seconds, edits }) : null;
  await pause(endMs - nowMs());
  const cpu = { begin, quiet: await quiet, end: meter.read() };
  const load = loadAverage();
  await drain(receiver.arrivals, total, options.drain);
  await Promise.all(system.workers.map((worker) => worker.end('SIGTERM')));
  const lists = [...receiver.arrivals.values()];
  const arrived = new Set(lists.flatMap((list) => list.map(({ deliveryId }) => deliveryId)));
  return {
    subjects: wanted.map(({ key, limit, count }) => ({
      key,
      limit,
      planned: count,
      edits: harmed?.edited.get(key) ?? [],
      atMs: (receiver.arrivals.get(key) ?? []).map(({ atMs }) => atMs),
    })),
    run: { beginMs, quietEndMs, endMs },
    marks: harmed?.marks ?? [],
    cpu,
    loadAverage: load,
    account: await reconcile({ db, engine }, deliveryIds, arrived),
    secondSends: findSecondSends(lists),
    versions: servers.versions,
  };
}

/** Puts the backlog in place; the first turn of each webhook is behind that, at an own moment of its gap. */
async function putInPlace(
  { db, engine, accountId }: LimitsSystem,
  wanted: readonly (Subject & { count: number })[],
  fill: { firstMs: number; perSecond: number },
): Promise<DeliveryId[]> {
  const webhookIds = inOrderOfTurns(wanted);
  const deliveryIds = await insertDeliveries(db, { accountId, recordId: await makeRecord(db, accountId), webhookIds });
  const isStarted = new Set<DeliveryId>();
  for (const [index, { webhookId, limit }] of wanted.entries()) {
    const firstTurnMs = fill.firstMs + ((index * GOLDEN) % 1) * (60_000 / limit);
    const own = deliveryIds.filter((_, at) => webhookIds[at] === webhookId);
    const count = await startHead({ db, engine }, { webhookId, limit, firstTurnMs }, own);
    for (const id of own.slice(0, count)) isStarted.add(id);
  }
  const rest = deliveryIds.filter((id) => !isStarted.has(id));
  await startDeliveries({ db, engine }, rest, fill);
  return deliveryIds;
}

const meterOf = ({ app, workers, servers, receiver }: LimitsSystem): CpuMeter =>
  openCpuMeter({
    'API and pump': app.pid,
    'worker 1': workers[0].pid,
    'worker 2': workers[1].pid,
    temporal: servers.pids.temporal,
    mongodb: servers.pids.mongodb,
    receiver: receiver.pid,
    bench: process.pid,
  });

async function drain(arrivals: ReadonlyMap<string, readonly unknown[]>, total: number, seconds: number): Promise<void> {
  const untilMs = nowMs() + seconds * 1000;
  const count = () => [...arrivals.values()].reduce((sum, list) => sum + list.length, 0);
  while (nowMs() < untilMs && count() < total) await pause(1000);
}
