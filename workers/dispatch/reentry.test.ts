import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Reentry } from '../../schemas/automation-map';
import type { StoredEntry } from '../../schemas/entry';
import type { StoredEvent } from '../../schemas/event';
import type { EventId, MapId } from '../../schemas/ids';
import { ENTRIES } from '../../store/entries';
import { EVENTS } from '../../store/events';
import { custom, triggerToEnd, triggerToWait } from '../../tests/servers/draw';
import { makeMap, makeRecord, makeTags } from '../../tests/servers/make';
import { openSystem, type TestSystem } from '../../tests/servers/open-system';
import { endEntries, post, postCustom, untilHandled } from '../../tests/servers/post';
import { until } from '../../tests/servers/until';
import { exitEntry } from '../live-state';

let system: TestSystem;
let names = 0;
const newName = (): string => `reentry.n${names++}`;
beforeAll(async () => {
  system = await openSystem();
});
afterAll(async () => {
  await endEntries(system);
  await system.close();
});

const entriesOn = (mapId: MapId): Promise<StoredEntry[]> =>
  system.db.model(ENTRIES).find({ mapId }).sort({ _id: 1 }).lean<StoredEntry[]>();
const isHandled = async (eventId: EventId): Promise<boolean> =>
  (await system.db.model(EVENTS).findById(eventId).lean<StoredEvent>())?.status === 'settled';

/** Lets the pump handle an event that it has handled before, as after a crash between the two. */
async function repeat(eventId: EventId): Promise<void> {
  await system.db.model(EVENTS).updateOne({ _id: eventId }, { $set: { status: 'pending', settledAt: null } });
  system.pump.nudge();
}

type Row = [Reentry, 'another event' | 'the same event again', 'active' | 'ended', number];
test.each<Row>([
  ['once', 'another event', 'active', 1],
  ['once', 'another event', 'ended', 1],
  ['once', 'the same event again', 'active', 1],
  ['once', 'the same event again', 'ended', 1],
  ['after-leaving', 'another event', 'active', 1],
  ['after-leaving', 'another event', 'ended', 2],
  ['after-leaving', 'the same event again', 'active', 1],
  ['after-leaving', 'the same event again', 'ended', 1],
  ['always', 'another event', 'active', 2],
  ['always', 'another event', 'ended', 2],
  ['always', 'the same event again', 'active', 1],
  ['always', 'the same event again', 'ended', 1],
])('re-entry %s: %s while its entry is %s makes %i in all', async (reentry, again, state, count) => {
  const name = newName();
  const { mapId } = await makeMap(system, triggerToWait(custom(name), reentry));
  const { _id: recordId } = await makeRecord(system);
  const first = await postCustom(system, recordId, name);
  await until('the first event', () => isHandled(first));
  const [entry] = await entriesOn(mapId);
  if (state === 'ended' && entry)
    await until('the end', () =>
      exitEntry(system, { accountId: entry.accountId, entryId: entry._id }).then(() => true),
    );

  let second = first;
  if (again === 'another event') second = await postCustom(system, recordId, name);
  else await repeat(first);
  await until('the second event', () => isHandled(second));
  const entries = await entriesOn(mapId);
  expect(entries).toHaveLength(count);
  expect(entries[0]?._id).toBe(entry?._id);
  expect(new Set(entries.map(({ workflowId }) => workflowId)).size).toBe(count);
});

test('50 identical events at once make exactly one entry and one workflow', async () => {
  const [tagId] = await makeTags(system, 'Fifty');
  if (!tagId) throw new Error('no tag was made');
  const { mapId } = await makeMap(system, triggerToWait({ type: 'tag.added', tagId }, 'once'));
  const { _id: recordId } = await makeRecord(system);
  await Promise.all(Array.from({ length: 50 }, () => post(system, recordId, { type: 'tag.added', tagId })));
  await untilHandled(system);
  const entries = await entriesOn(mapId);
  expect(entries).toHaveLength(1);
  const { client } = system.engine;
  const runs = await until('visibility', async () => {
    const { count } = await client.workflow.count(`MapId = '${mapId}'`);
    return count;
  });
  expect(runs).toBe(1);
});

test('a record that has left may enter again at once, 20 times in a row', async () => {
  const name = newName();
  const { mapId } = await makeMap(system, triggerToEnd(custom(name), 'after-leaving'));
  const { _id: recordId } = await makeRecord(system);
  for (let n = 1; n <= 20; n++) {
    await postCustom(system, recordId, name);
    await until(`entry ${n} to end`, async () => {
      const entries = await entriesOn(mapId);
      return entries.length === n && entries.every(({ status }) => status === 'ended');
    });
  }
});

test('a map sees the first event posted after its publish, 100 times', async () => {
  const { _id: recordId } = await makeRecord(system);
  for (let n = 0; n < 100; n++) {
    await makeMap(system, triggerToEnd(custom(`published.n${n}`)));
    await postCustom(system, recordId, `published.n${n}`);
  }
  await untilHandled(system);
  expect(await system.db.model(ENTRIES).distinct('mapId', { recordId })).toHaveLength(100);
  await until(
    'their ends',
    async () => (await system.db.model(ENTRIES).countDocuments({ recordId, status: 'active' })) === 0,
  );
});
