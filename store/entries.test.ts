import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../lib/ids';
import type { StoredEntry } from '../schemas/entry';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { storedEntry } from '../tests/servers/stored';
import { admitEntry } from './admit-entry';
import { transaction } from './database';
import { ENTRIES, endEntry, findActiveEntries, findEntry, findLatestEntry, getEntry, insertEntry } from './entries';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const fifty = <T>(work: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 50 }, (_, n) => work(n)));
const insert = (entry: StoredEntry): Promise<boolean> => insertEntry(database.db, null, entry);
const end = (entry: StoredEntry): Promise<void> =>
  transaction(database.db, (session) => endEntry(database.db, session, { entryId: entry._id, reason: 'completed' }));
const count = (of: Partial<StoredEntry>): Promise<number> => database.db.model(ENTRIES).countDocuments(of as object);
const place = () => ({ mapId: newId('map'), recordId: newId('record') });
const exclusive = (of: ReturnType<typeof place>) => storedEntry({ ...of, exclusive: true });

test('of 50 entries with the same key inserted at once, one is made', async () => {
  const of = place();
  const made = await fifty(() => insert(storedEntry({ ...of, entryKey: 'once' })));
  expect(made.filter(Boolean)).toHaveLength(1);
  expect(await count(of)).toBe(1);
});

test('the same key is free for another record and another map', async () => {
  const of = place();
  const entries = [of, { ...of, recordId: newId('record') }, { ...of, mapId: newId('map') }];
  for (const each of entries) expect(await insert(storedEntry({ ...each, entryKey: 'once' }))).toBe(true);
});

test('of 50 entries that want to be the only one inside, inserted at once, one is made', async () => {
  const of = place();
  const made = await fifty(() => insert(exclusive(of)));
  expect(made.filter(Boolean)).toHaveLength(1);
  expect(await findActiveEntries(database.db, of.recordId)).toHaveLength(1);
});

test('after it has left, a record may enter again, and again only once at a time', async () => {
  const of = place();
  for (let passage = 1; passage <= 3; passage++) {
    const entry = exclusive(of);
    expect([await insert(entry), await insert(exclusive(of))]).toEqual([true, false]);
    await end(entry);
    expect(await count(of)).toBe(passage);
  }
});

test('entries that may overlap do not hold each other up', async () => {
  const of = place();
  expect((await fifty(() => insert(storedEntry(of)))).every(Boolean)).toBe(true);
});

test('an end is written with its reason, and takes the entry from the active ones', async () => {
  const entry = storedEntry();
  await insert(entry);
  await end(entry);
  expect(await findEntry(database.db, entry._id)).toMatchObject({
    status: 'ended',
    endReason: 'completed',
    endedAt: expect.any(Date),
  });
  expect(await findActiveEntries(database.db, entry.recordId)).toEqual([]);
});

test('the latest entry is the newest one, or the newest active one', async () => {
  const of = place();
  const [first, second] = [storedEntry(of), storedEntry(of)];
  for (const entry of [first, second]) await insert(entry);
  await end(second);
  expect((await findLatestEntry(database.db, of))?._id).toBe(second._id);
  expect((await findLatestEntry(database.db, { ...of, status: 'active' }))?._id).toBe(first._id);
});

test("another account's entry is not found", async () => {
  const entry = storedEntry();
  await insert(entry);
  await expect(getEntry(database.db, { accountId: newId('account'), entryId: entry._id })).rejects.toMatchObject({
    code: 'entry.not-found',
  });
});

test.each(['once', 'after-leaving', 'always'] as const)(
  'admitted 50 times at once by one event, a record enters once and all get that entry (%s)',
  async (reentry) => {
    const eventId = newId('event');
    const { accountId, mapName, objectTypeId, versionNumber, triggerElementId, hops } = storedEntry();
    const rest = { accountId, mapName, objectTypeId, versionNumber, triggerElementId, hops };
    const admission = { ...rest, ...place(), reentry, eventId, key: eventId };
    const admitted = await fifty(() => admitEntry(database.db, admission));
    expect(new Set(admitted.map((entry) => entry?._id)).size).toBe(1);
    expect(admitted[0]).not.toBeNull();
  },
);

test.each([
  ['once', 1],
  ['after-leaving', 1],
  ['always', 50],
] as const)('admitted at once by 50 events, a record enters %s: %i in all', async (reentry, expected) => {
  const of = place();
  const { accountId, mapName, objectTypeId, versionNumber, triggerElementId, hops } = storedEntry();
  const rest = { accountId, mapName, objectTypeId, versionNumber, triggerElementId, hops };
  const admitted = await fifty(() => {
    const eventId = newId('event');
    return admitEntry(database.db, { ...rest, ...of, reentry, eventId, key: eventId });
  });
  expect(admitted.filter(Boolean)).toHaveLength(expected);
  expect(await count(of)).toBe(expected);
});
