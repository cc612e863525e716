import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { routeEvent } from '../../domain/route-event';
import { findBinary } from '../../embedded/find-binary';
import { startMongod } from '../../embedded/start-mongod';
import { loadConfig } from '../../lib/config';
import { newId } from '../../lib/ids';
import type { Fact } from '../../schemas/event';
import { COUNTERS } from '../../store/counters';
import { type Database, openDatabase } from '../../store/database';
import { createIndexes } from '../../store/indexes';
import { RULES } from '../../store/rules';
import { type ListenerIndex, openListenerIndex } from '../../workers/dispatch/listener-index';
import { loadAverage } from '../measure/process-use';
import { table } from '../report/table';
import { fillListeners, tagOf } from './fill-listeners';

const COUNTS = [10, 100, 1000, 10_000];
const ROUNDS = 15;
const EVENTS = 20_000;
const FEW = 3;
const REFRESHES = 50;
const RESULTS = join(__dirname, '..', '..', '..', 'bench', 'results');

interface Size {
  count: number;
  db: Database;
  index: ListenerIndex;
  accountId: ReturnType<typeof newId<'account'>>;
  loadMs: number;
  /** Microseconds an event, of each round: events about the same few tags, and about all tags in turn */
  few: number[];
  all: number[];
  unchangedMs: number;
  changedMs: number;
}

/** Measures what it costs to find who listens to an event, as the number of those who listen grows; prints a table. */
export async function runMatch({ write }: { write: boolean }): Promise<void> {
  const config = loadConfig();
  const dataDir = await mkdtemp(join(tmpdir(), 'hookline-match-'));
  const found = await findBinary('mongod', { setting: config.MONGOD_BIN, cacheDir: config.CACHE_DIR });
  const mongod = await startMongod({ binary: found.path, dataDir, port: 0 });
  const loadBefore = loadAverage();
  try {
    const sizes: Size[] = [];
    for (const count of COUNTS) sizes.push(await openSize(mongod.url, count));
    // Round by round over all sizes, so that a disturbance hits all of them alike.
    for (let round = 0; round < ROUNDS; round++) {
      for (const size of sizes) size.few.push(matchMany(size, FEW));
      for (const size of sizes) size.all.push(matchMany(size, Math.floor(size.count / 3)));
    }
    for (const size of sizes) await measureRefresh(size);
    for (const { db } of sizes) await db.close();
    const report = describe(sizes, { mongodb: found.version, loadBefore });
    console.log(report);
    if (write) await writeFile(join(RESULTS, 'match.md'), report);
  } finally {
    await mongod.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function openSize(server: string, count: number): Promise<Size> {
  const url = new URL(server);
  url.pathname = `/match${count}`;
  const db = await openDatabase(url.href);
  await createIndexes(db);
  const accountId = newId('account');
  await fillListeners(db, accountId, count);
  const index = openListenerIndex(db);
  const startedMs = performance.now();
  await index.refresh();
  const loadMs = performance.now() - startedMs;
  return { count, db, index, accountId, loadMs, few: [], all: [], unchangedMs: 0, changedMs: 0 };
}

/** @returns microseconds an event; each is matched by one map, one rule and one subscription */
function matchMany({ index, accountId }: Size, tagCount: number): number {
  const tags = Array.from({ length: tagCount }, (_, n) => tagOf(n));
  const facts = tags.map((tagId): Fact => ({ type: 'tag.added', tagId }));
  const record = { fields: {}, tagIds: [] };
  let commands = 0;
  const startedMs = performance.now();
  for (let n = 0; n < EVENTS; n++) {
    const fact = facts[n % facts.length] as Fact;
    commands += routeEvent(fact, record, index.find({ accountId, objectTypeId: 0, fact })).length;
  }
  const ms = performance.now() - startedMs;
  if (commands !== EVENTS * 3) throw new Error(`${commands} commands followed from ${EVENTS} events`);
  return (ms * 1000) / EVENTS;
}

/** Milliseconds of a refresh before a batch of events: when nothing was changed, and when one rule was. */
async function measureRefresh(size: Size): Promise<void> {
  const { db, index, count } = size;
  const time = async (): Promise<number> => {
    const startedMs = performance.now();
    await index.refresh();
    return performance.now() - startedMs;
  };
  const [unchanged, changed]: [number[], number[]] = [[], []];
  for (let n = 1; n <= REFRESHES; n++) {
    unchanged.push(await time());
    const rule = await db.model(RULES).findOne({}).lean();
    const listenersRevision = count + n;
    await db.model(RULES).updateOne({ _id: rule?._id } as object, { $set: { listenersRevision } });
    await db.model(COUNTERS).updateOne({ _id: 'listeners' }, { $set: { value: listenersRevision } });
    changed.push(await time());
  }
  size.unchangedMs = middle(unchanged);
  size.changedMs = middle(changed);
}

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

function describe(sizes: readonly Size[], machine: { mongodb: string; loadBefore: number }): string {
  const times = (micros: readonly number[], of: readonly number[] = []): string =>
    (middle(micros) / middle(of)).toFixed(2);
  return [
    '# Matching one event: the last run',
    `\`npm run bench -- match\`, ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, ${cpus().length} virtual CPUs, load average before ${machine.loadBefore}.`,
    `Versions: Node ${process.versions.node}, MongoDB ${machine.mongodb}.`,
    `Maps, rules and subscriptions, a third each, listen for tags; of each event one of each hears. An event: its listeners are found and its commands made, in memory; the middle of ${ROUNDS} rounds of ${EVENTS} events, the sizes in turn. With few tags the same ${FEW} come again and again: that is the work itself. With all tags in turn each event finds memory that the processor no longer has at hand. A refresh comes before each batch of events; the middle of ${REFRESHES}.`,
    table(
      [
        'listeners',
        'few tags, µs an event',
        'times that of 10',
        'all tags in turn, µs an event',
        'times that of 10',
        'refresh, nothing changed, ms',
        'refresh, one rule changed, ms',
        'load all at start, ms',
      ],
      sizes.map(({ count, few, all, unchangedMs, changedMs, loadMs }) => [
        String(count),
        middle(few).toFixed(2),
        times(few, sizes[0]?.few),
        middle(all).toFixed(2),
        times(all, sizes[0]?.all),
        unchangedMs.toFixed(1),
        changedMs.toFixed(1),
        loadMs.toFixed(0),
      ]),
    ),
    '',
  ].join('\n\n');
}
