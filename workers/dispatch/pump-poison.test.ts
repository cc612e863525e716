import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../../lib/ids';
import type { Fact, StoredEvent } from '../../schemas/event';
import type { RecordId } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { ENTRIES, insertEntry } from '../../store/entries';
import { appendFacts, EVENTS, retryEvent } from '../../store/events';
import { custom, triggerToEnd } from '../../tests/servers/draw';
import { makeMap } from '../../tests/servers/make';
import { openSystem, type TestSystem } from '../../tests/servers/open-system';
import { openTestPump } from '../../tests/servers/open-test-pump';
import { until } from '../../tests/servers/until';
import type { Pump } from './pump';

const HOUR_MS = 3_600_000;
const GOOD: Fact = { type: 'custom', name: 'poison.good', data: {} };

let system: TestSystem;
let pump: Pump | undefined;
beforeAll(async () => {
  system = await openSystem({ hasWorkers: false });
  await system.pump.stop();
  await makeMap(system, triggerToEnd(custom('poison.good')));
});
afterEach(() => pump?.stop());
afterAll(async () => {
  const active = await system.db.model(ENTRIES).find({ status: 'active' }).lean();
  for (const { workflowId } of active)
    await system.engine.client.workflow
      .getHandle(workflowId)
      .terminate()
      .catch(() => undefined);
  await system.close();
});

async function write(recordId: RecordId, fromSeq: number, facts: Fact[], hops = 0): Promise<StoredEvent[]> {
  const eventSeq = fromSeq + facts.length - 1;
  const about = { accountId: system.account.account._id, objectTypeId: 0, recordId, eventSeq, hops };
  return appendFacts(system.db, null, about, facts);
}
const stored = async (event: StoredEvent | undefined): Promise<StoredEvent | null> =>
  system.db.model(EVENTS).findById(event?._id).lean<StoredEvent>();
const isSettled = async (event: StoredEvent | undefined): Promise<boolean> =>
  (await stored(event))?.status === 'settled';
const entered = async (recordId: RecordId): Promise<(string | null)[]> =>
  (
    await system.db
      .model(ENTRIES)
      .find({ recordId, eventId: { $ne: null } })
      .sort({ _id: 1 })
      .lean()
  ).map(({ eventId }) => eventId);

/** An event that cannot be carried out: it asks for the start of an entry whose version does not exist. */
async function poison(recordId: RecordId): Promise<Fact> {
  const entryId = newId('entry');
  await insertEntry(system.db, null, {
    _id: entryId,
    accountId: system.account.account._id,
    mapId: newId('map'),
    mapName: 'Map',
    objectTypeId: 0,
    recordId,
    entryKey: entryId,
    triggerElementId: 'start',
    versionNumber: 1,
    eventId: null,
    hops: 0,
    status: 'active',
    endReason: null,
    workflowId: `map:${entryId}`,
    startedAt: new Date(),
    endedAt: null,
  });
  return { type: 'entry.requested', entryId };
}

/** Waits, and has the pump look all the time, so that tries follow each other without its pause between sweeps. */
const untilPumped = (saying: string, probe: () => Promise<boolean>): Promise<boolean> =>
  until(saying, () => {
    pump?.nudge();
    return probe();
  });

test('a poisoned event is parked with its error after 8 tries; then the later events of its record go on', async () => {
  const recordId = newId('record');
  const [bad, good] = await write(recordId, 1, [await poison(recordId), GOOD]);
  pump = openTestPump(system, { retryBaseMs: 1 });
  await untilPumped('the good event', () => isSettled(good));
  expect(await stored(bad)).toMatchObject({ status: 'parked', tries: 8, error: expect.stringMatching(/version/i) });
  expect(await entered(recordId)).toEqual([good?._id]);
});

test('while a poisoned event waits for its next try, its record waits and all others go on', async () => {
  const [recordId, other] = [newId('record'), newId('record')];
  const [bad, good] = await write(recordId, 1, [await poison(recordId), GOOD]);
  pump = openTestPump(system, { retryBaseMs: HOUR_MS });
  await untilPumped('the first try', async () => (await stored(bad))?.tries === 1);
  const [free] = await write(other, 1, [GOOD]);
  await untilPumped('the other record', () => isSettled(free));
  expect((await stored(good))?.status).toBe('pending');
  expect(await entered(recordId)).toEqual([]);
  await system.db.model(EVENTS).deleteMany({ recordId });
});

test('a parked event that a person retries is handled again', async () => {
  const recordId = newId('record');
  const [event] = await write(recordId, 1, [GOOD], 11);
  pump = openTestPump(system, { retryBaseMs: 1 });
  await untilPumped('the event to be parked', async () => (await stored(event))?.status === 'parked');
  await system.db.model(EVENTS).updateOne({ _id: event?._id ?? 'evt_' }, { $set: { hops: 0 } });
  await transaction(system.db, (session) =>
    retryEvent(system.db, session, { accountId: system.account.account._id, eventId: event?._id ?? 'evt_' }),
  );
  await untilPumped('the event', () => isSettled(event));
  expect(await entered(recordId)).toEqual([event?._id]);
});

test('an event that more than 10 automations led to is parked, and says that it looks like a loop', async () => {
  const recordId = newId('record');
  const [tenth] = await write(recordId, 1, [GOOD], 10);
  const [eleventh] = await write(recordId, 2, [GOOD], 11);
  pump = openTestPump(system, { retryBaseMs: 1 });
  await untilPumped('the event to be parked', async () => (await stored(eleventh))?.status === 'parked');
  expect((await stored(eleventh))?.error).toMatch(/loop/);
  expect(await entered(recordId)).toEqual([tenth?._id]);
});

test('an event behind a postponed one of its record waits for it, however many events stand between them', async () => {
  const [held, crowd, free] = [newId('record'), newId('record'), newId('record')];
  const [first] = await write(held, 1, [GOOD]);
  const [front] = await write(crowd, 1, Array(250).fill(GOOD));
  await write(held, 2, [GOOD]);
  const [last] = await write(free, 1, [GOOD]);
  const inAnHour = { $set: { retryAt: new Date(Date.now() + HOUR_MS) } };
  await system.db.model(EVENTS).updateMany({ _id: { $in: [first?._id, front?._id] as string[] } } as object, inAnHour);

  pump = openTestPump(system);
  await untilPumped('the free record', () => isSettled(last));
  await pump.stop();
  expect(await entered(held)).toEqual([]);
  expect(await entered(crowd)).toEqual([]);
  expect(await entered(free)).toEqual([last?._id]);
});
