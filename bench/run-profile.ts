import { readdirSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { pause } from '../lib/clock';
import { runLoad } from './load/run-load';
import { countByCollection } from './measure/count-by-collection';
import { countCommands, perEvent, readHistory } from './measure/count-operations';
import { measureStations } from './measure/measure-stations';
import { threadCpuMs } from './measure/process-use';
import { profileClockUs, readProfiles } from './measure/read-profile';
import { type Bench, openBench } from './open-bench';
import { table } from './report/table';
import type { Target } from './target';

const WARM_UP = 200;
const FUNCTIONS = 40;
const PER_SECOND = 8;

/** Where the time of our process goes: by thread, package, function, station; and what it asks of the servers. */
export async function runProfile(options: { events: number; inject: 'api' | 'store' }): Promise<void> {
  const bench = await openBench({ maps: 50, records: Math.max(options.events, WARM_UP), inject: options.inject });
  try {
    for (const target of [bench.raw, bench.ours]) await profileTarget(bench, target, options.events);
    print('Stations, one after the other, ms an event', await measureStations(bench, options.events));
  } finally {
    await bench.close();
  }
}

async function profileTarget(bench: Bench, target: Target, events: number): Promise<void> {
  const { receiver, servers, ours } = bench;
  const around = { receiver, pids: servers.pids };
  await target.start({ isProfiled: true });
  await runLoad(target, around, { kind: 'open', perSecond: PER_SECOND, seconds: WARM_UP / PER_SECOND }, ours.jobs);
  const before = {
    threads: threadCpuMs(target.pid()),
    commands: await countCommands(ours.db),
    collections: await countByCollection(ours.db),
    us: profileClockUs(),
  };
  const seconds = events / PER_SECOND;
  const measured = await runLoad(target, around, { kind: 'open', perSecond: PER_SECOND, seconds }, ours.jobs);
  const toUs = profileClockUs();
  const per = (pairs: Iterable<[string, number]>): [string, number][] =>
    [...pairs].map(([name, ms]): [string, number] => [name, ms / measured.events]);
  print(
    `${target.name}: CPU by thread, ms an event (open, ${PER_SECOND}/s, p50 ${measured.p50.toFixed(0)} ms; Temporal ${measured.cpu.temporal.toFixed(1)}, MongoDB ${measured.cpu.mongodb.toFixed(1)})`,
    per([...threadCpuMs(target.pid())].map(([name, ms]) => [name, ms - (before.threads.get(name) ?? 0)])),
  );
  const commands = perEvent(before.commands, await countCommands(ours.db), measured.events);
  const collections = perEvent(before.collections, await countByCollection(ours.db), measured.events);
  await target.stop();

  const folder = target.name === 'ours' ? ours.profileDir : `${servers.dataDir}/raw-profile`;
  for (let tries = 0; tries < 20 && readdirSync(folder).length === 0; tries++) await pause(100);
  const { byPackage, byFunction } = readProfiles(folder, { fromUs: before.us, toUs });
  print(`${target.name}: own time of JavaScript by package, ms an event`, per(byPackage));
  if (target.name === 'ours') {
    print('ours: by function, ms an event', per(byFunction.slice(0, FUNCTIONS)));
    print('MongoDB commands an event', Object.entries(commands));
    print('MongoDB operations an event by collection', Object.entries(collections));
  }
  await printHistory(servers.temporalAddress, target.name === 'ours' ? 'mapEntry' : 'rawEvent');
}

async function printHistory(address: string, workflowType: string): Promise<void> {
  const connection = await Connection.connect({ address });
  const history = await readHistory(new Client({ connection }), workflowType);
  await connection.close();
  if (!history) return;
  console.log(
    `\n## ${workflowType}: ${history.events.length} events, ${history.stateTransitions} state transitions, ${history.bytes} bytes\n\n${history.events.join(', ')}\n`,
  );
}

const LEAST = 0.005;
const print = (title: string, rows: readonly [string, number][]): void =>
  console.log(
    `\n## ${title}\n\n${table(
      ['what', 'an event'],
      [...rows]
        .filter(([, value]) => value >= LEAST)
        .sort(([, a], [, b]) => b - a)
        .map(([name, value]) => [name, value.toFixed(2)]),
    )}\n`,
  );
