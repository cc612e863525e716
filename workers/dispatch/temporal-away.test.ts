import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTemporal } from '../../embedded/start-temporal';
import type { StoredEvent } from '../../schemas/event';
import { ENTRIES } from '../../store/entries';
import { EVENTS } from '../../store/events';
import { custom, triggerToEnd } from '../../tests/servers/draw';
import { makeMap, makeRecord } from '../../tests/servers/make';
import { openSystem, type TestSystem } from '../../tests/servers/open-system';
import { postCustom, untilHandled } from '../../tests/servers/post';
import { until } from '../../tests/servers/until';

let folder: string;
let temporal: Awaited<ReturnType<typeof startTemporal>>;
let system: TestSystem;
const start = (port: number) =>
  startTemporal({ binary: process.env.TEST_TEMPORAL_BIN ?? '', port, dataFile: join(folder, 'temporal.db') });
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-away-'));
  temporal = await start(0);
  system = await openSystem({ temporalAddress: temporal.address });
});
afterAll(async () => {
  await system?.close();
  await temporal?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('events wait while Temporal is away, unharmed and in order, and are handled when it is back', async () => {
  await makeMap(system, triggerToEnd(custom('away.one')));
  await makeMap(system, triggerToEnd(custom('away.two')));
  const records = await Promise.all(Array.from({ length: 5 }, () => makeRecord(system)));
  await untilHandled(system);

  temporal.kill('SIGKILL');
  await temporal.exited;
  const posted = new Map<string, string[]>();
  for (const { _id } of records)
    posted.set(_id, [await postCustom(system, _id, 'away.one'), await postCustom(system, _id, 'away.two')]);
  const count = (state: Pick<StoredEvent, 'status' | 'tries'>) =>
    system.db.model(EVENTS).countDocuments({ 'fact.type': 'custom', ...state } as object);
  await until('a try that found Temporal away', async () => (await system.db.model(ENTRIES).countDocuments({})) > 0);
  expect(await count({ status: 'pending', tries: 0 })).toBe(10);

  temporal = await start(temporal.port);
  await untilHandled(system, 60_000);
  expect(await count({ status: 'settled', tries: 0 })).toBe(10);
  await until('all to end', async () => (await system.db.model(ENTRIES).countDocuments({ status: 'ended' })) === 10);
  for (const { _id } of records) {
    const entries = await system.db.model(ENTRIES).find({ recordId: _id }).sort({ _id: 1 }).lean();
    expect(entries.map(({ eventId }) => eventId)).toEqual(posted.get(_id));
  }
}, 120_000);
