import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../lib/clock';
import { type Killed, killInBurst } from './load/kill-in-burst';
import { eventsOf, type Load, type Measured, nameOf, runLoad } from './load/run-load';
import type { BenchOptions } from './main';
import { type Counts, countCommands, perEvent } from './measure/count-operations';
import { type Bench, openBench } from './open-bench';
import { describeRun, type RunFacts } from './report/describe-run';
import { mergeRounds } from './report/merge-rounds';
import { writeReport } from './report/write-report';
import type { Target } from './target';

const WARM_UP = 300;
const BURST = 200;
const RESULTS = join(__dirname, '..', '..', 'bench', 'results');

/** All that a run found. */
export interface Results {
  facts: RunFacts;
  measured: Measured[];
  killed: Killed[];
  /** MongoDB's commands for one event of ours, in the first closed loop */
  commands: Counts;
}

/** Measures both targets with every load, prints the report, and keeps it as `bench/results/latest.*`. */
export async function runBench(options: BenchOptions): Promise<void> {
  const loads = loadsOf(options);
  const records = Math.max(BURST, WARM_UP, ...loads.map(eventsOf));
  const bench = await openBench({ maps: options.maps, records, inject: options.inject });
  try {
    const facts = await describeRun(bench.servers, {
      command: 'bench',
      settings: {
        webhooks: `${options.maps * 2} at 180 a minute on ${options.maps} maps`,
        events: options.inject === 'api' ? 'POST /v1/events' : 'written through the store, past the API',
        starts: 'eager',
        rounds: String(options.rounds),
      },
    });
    const targets: Target[] = [bench.raw, bench.ours].filter(({ name }) => (options.only ?? name) === name);
    const results: Results = { facts, measured: [], killed: [], commands: {} };
    for (let round = 0; round < options.rounds; round++) {
      for (const target of targets) await measure(bench, target, loads, results);
    }
    if (options.kill) {
      for (const target of targets) {
        await target.start();
        await pause(1000);
        results.killed.push(await killInBurst(target, bench.receiver, bench.ours.jobs.slice(0, BURST)));
        await target.stop();
      }
    }
    results.measured = mergeRounds(results.measured);
    const report = writeReport(results);
    console.log(report);
    if (!options.write) return;
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(join(RESULTS, 'latest.md'), report);
    writeFileSync(join(RESULTS, 'latest.json'), `${JSON.stringify(results, null, 2)}\n`);
  } finally {
    await bench.close();
  }
}

/** Starts a target, warms it up, runs all loads. */
async function measure(bench: Bench, target: Target, loads: Load[], results: Results): Promise<void> {
  const { receiver, servers, ours } = bench;
  const around = { receiver, pids: servers.pids };
  await target.start();
  await runLoad(target, around, { kind: 'closed', until: 'arrived', connections: 16, events: WARM_UP }, ours.jobs);
  for (const [index, load] of loads.entries()) {
    const before = await countCommands(ours.db);
    const measured = await runLoad(target, around, load, ours.jobs);
    if (target.name === 'ours' && index === 0)
      results.commands = perEvent(before, await countCommands(ours.db), measured.events);
    results.measured.push(measured);
    console.error(
      `${target.name}: ${nameOf(load)}: ${measured.perSecond.toFixed(1)}/s, p50 ${measured.p50.toFixed(0)} ms, p99 ${measured.p99.toFixed(0)} ms, own ${measured.cpu.own.toFixed(1)} ms`,
    );
  }
  await target.stop();
}

const loadsOf = ({ events, rates, seconds }: BenchOptions): Load[] => [
  { kind: 'closed', until: 'arrived', connections: 16, events },
  { kind: 'closed', until: 'accepted', connections: 16, events },
  ...rates.map((perSecond): Load => ({ kind: 'open', perSecond, seconds })),
];
