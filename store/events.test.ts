import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { newId, PARTITIONS } from '../lib/ids';
import type { Fact, StoredEvent } from '../schemas/event';
import type { EventId } from '../schemas/ids';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { transaction } from './database';
import {
  appendFacts,
  countEvents,
  EVENTS,
  findPending,
  findPendingOf,
  getEvent,
  parkEvent,
  postponeEvent,
  retryEvent,
  settleEvents,
} from './events';
import { appendRecordFacts, insertRecord } from './records';

const ALL = Array.from({ length: PARTITIONS }, (_, partition) => partition);
const accountId = newId('account');

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.db.model(EVENTS).deleteMany({}));
afterAll(() => database.close());

const customs = (count: number): Fact[] =>
  Array.from({ length: count }, (_, n) => ({ type: 'custom', name: `event.n${n}`, data: {} }));
async function write(count: number, recordId = newId('record')): Promise<StoredEvent[]> {
  return appendFacts(
    database.db,
    null,
    { accountId, objectTypeId: 0, recordId, eventSeq: count, hops: 0 },
    customs(count),
  );
}
async function writeOne(): Promise<EventId> {
  const [event] = await write(1);
  if (!event) throw new Error('no event was written');
  return event._id;
}
const read = (eventId: EventId): Promise<StoredEvent> => getEvent(database.db, { accountId, eventId });
const retry = (eventId: EventId, of = accountId) =>
  transaction(database.db, (session) => retryEvent(database.db, session, { accountId: of, eventId }));

test('facts become pending events, numbered on in their order', async () => {
  const about = { accountId, objectTypeId: 0, recordId: newId('record'), eventSeq: 12, hops: 3 };
  const events = await appendFacts(database.db, null, about, customs(3));
  expect(events.map(({ seq, status, hops, tries }) => [seq, status, hops, tries])).toEqual([
    [10, 'pending', 3, 0],
    [11, 'pending', 3, 0],
    [12, 'pending', 3, 0],
  ]);
  expect(await findPending(database.db, { partitions: ALL, limit: 10 })).toEqual(events);
});

test('facts posted about one record at the same moment get numbers without a hole or a repeat', async () => {
  const { db } = database;
  const given = { accountId, objectTypeId: 0, fields: {}, tagIds: [], facts: [] };
  const { _id: recordId } = await transaction(db, (session) => insertRecord(db, session, given));
  const post = () =>
    transaction(db, (session) => appendRecordFacts(db, session, { accountId, recordId, facts: customs(2), hops: 0 }));
  await Promise.all(Array.from({ length: 20 }, post));
  const seqs = (await findPendingOf(db, [recordId])).map(({ seq }) => seq).sort((a, b) => a - b);
  expect(seqs).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
});

test('a transaction that fails leaves no event', async () => {
  const about = { accountId, objectTypeId: 0, recordId: newId('record'), eventSeq: 1, hops: 0 };
  const failing = transaction(database.db, async (session) => {
    await appendFacts(database.db, session, about, customs(1));
    throw new Error('changed our mind');
  });
  await expect(failing).rejects.toThrow('changed our mind');
  expect(await findPendingOf(database.db, [about.recordId])).toEqual([]);
});

test('pending events come oldest first, page by page, of the asked partitions only', async () => {
  for (let n = 0; n < 30; n++) await write(1);
  const seen: StoredEvent[] = [];
  for (;;) {
    const after = seen.at(-1)?._id;
    const page = await findPending(database.db, { partitions: ALL, limit: 7, ...(after ? { after } : {}) });
    seen.push(...page);
    if (page.length < 7) break;
  }
  expect(seen).toHaveLength(30);
  expect(seen.map(({ _id }) => _id)).toEqual(seen.map(({ _id }) => _id).sort());
  const halves = [ALL.slice(0, 8), ALL.slice(8)].map((partitions) =>
    findPending(database.db, { partitions, limit: 50 }),
  );
  const [low = [], high = []] = await Promise.all(halves);
  expect(low.length + high.length).toBe(30);
  expect(low.every(({ partition }) => partition < 8)).toBe(true);
});

test('all events of a record are in one partition', async () => {
  const recordId = newId('record');
  const partitions = [...(await write(3, recordId)), ...(await write(3, recordId))].map(({ partition }) => partition);
  expect(new Set(partitions).size).toBe(1);
});

test('a settled event is pending no more and forgets its error', async () => {
  const eventId = await writeOne();
  await postponeEvent(database.db, { eventId, error: 'not yet', retryAt: new Date() });
  await settleEvents(database.db, [eventId]);
  expect(await read(eventId)).toMatchObject({ status: 'settled', error: null, settledAt: expect.any(Date) });
  expect(await findPending(database.db, { partitions: ALL, limit: 10 })).toEqual([]);
});

test('a postponed event stays pending, with its error, its tries and when it is tried again', async () => {
  const eventId = await writeOne();
  const retryAt = new Date(Date.now() + 1000);
  await postponeEvent(database.db, { eventId, error: 'first', retryAt });
  await postponeEvent(database.db, { eventId, error: 'second', retryAt });
  expect(await read(eventId)).toMatchObject({ status: 'pending', tries: 2, error: 'second', retryAt });
});

test('a parked event is set aside, counted, and not settled or parked behind its back', async () => {
  const eventId = await writeOne();
  await parkEvent(database.db, { eventId, error: 'poisoned' });
  await parkEvent(database.db, { eventId, error: 'again' });
  await postponeEvent(database.db, { eventId, error: 'late', retryAt: new Date() });
  expect(await read(eventId)).toMatchObject({ status: 'parked', tries: 1, error: 'poisoned' });
  expect(await countEvents(database.db, { accountId, status: 'parked' })).toBe(1);
});

test('a retried event is pending anew, with all its tries', async () => {
  const eventId = await writeOne();
  await parkEvent(database.db, { eventId, error: 'poisoned' });
  expect(await retry(eventId)).toMatchObject({ status: 'pending', tries: 0, retryAt: null });
});

test('only a parked event of the account can be retried', async () => {
  const eventId = await writeOne();
  await expect(retry(eventId)).rejects.toMatchObject({ code: 'event.not-parked' });
  await parkEvent(database.db, { eventId, error: 'poisoned' });
  await expect(retry(eventId, newId('account'))).rejects.toMatchObject({ code: 'event.not-found' });
  await expect(retry(newId('event'))).rejects.toMatchObject({ code: 'event.not-found' });
});
