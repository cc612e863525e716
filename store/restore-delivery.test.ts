import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../lib/ids';
import type { StoredDelivery } from '../schemas/delivery';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { loggedAttempt, storedDelivery } from '../tests/servers/stored';
import { DELIVERIES, findDelivery } from './deliveries';
import { restoreDelivery } from './restore-delivery';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const restore = (row: StoredDelivery, isDryRun = false) => restoreDelivery(database.db, { row, isDryRun });
const read = (row: StoredDelivery) => findDelivery(database.db, row._id);
async function insert(given: Partial<StoredDelivery>): Promise<StoredDelivery> {
  const row = storedDelivery(given);
  await database.db.model(DELIVERIES).create([row]);
  return row;
}
const ended = { status: 'failed', class: 'transient', responseStatus: 500, finishedAt: new Date() } as const;

test('a row that is not there is made, once', async () => {
  const row = storedDelivery({ attempts: [loggedAttempt(0, 1)] });
  expect(await restore(row, true)).toBe('inserted');
  expect(await read(row)).toBeNull();
  const at20 = await Promise.all(Array.from({ length: 20 }, () => restore(row)));
  expect(at20.filter((become) => become === 'inserted')).toHaveLength(1);
  // It waits to be told: its workflow may sleep until then.
  expect(await read(row)).toEqual({ ...row, turnAt: row.createdAt });
});

test('lines that are there stay as they are, and those that lack are added in order', async () => {
  const full = loggedAttempt(0, 2, { error: 'the whole story' });
  const row = await insert({ ...ended, attempts: [full], newest: { call: 0, attempt: 3 } });
  const made = { ...row, attempts: [loggedAttempt(0, 1), loggedAttempt(0, 2, { error: null }), loggedAttempt(0, 3)] };
  expect(await restore(made)).toBe('completed');
  expect(await read(row)).toEqual({ ...row, attempts: [loggedAttempt(0, 1), full, loggedAttempt(0, 3)] });
  expect(await restore(made)).toBe('unchanged');
});

test.each<[string, Partial<StoredDelivery>, Partial<StoredDelivery>, 'completed' | 'unchanged']>([
  [
    'an end that it has not seen moves it',
    { newest: { call: 0, attempt: 1 } },
    { ...ended, newest: { call: 0, attempt: 1 } },
    'completed',
  ],
  [
    'a later attempt moves it',
    { newest: { call: 0, attempt: 9 } },
    { status: 'sending', newest: { call: 1, attempt: 1 } },
    'completed',
  ],
  [
    'a later round moves one that is over',
    ended,
    { status: 'sending', round: { number: 1, firstCall: 1 } },
    'completed',
  ],
  [
    'an earlier attempt does not',
    { newest: { call: 1, attempt: 1 } },
    { ...ended, newest: { call: 0, attempt: 9 } },
    'unchanged',
  ],
  ['the same attempt, still open, does not', { status: 'waiting-retry' }, { status: 'sending' }, 'unchanged'],
  [
    'nothing of the same round moves one that is over',
    ended,
    { ...ended, status: 'delivered', newest: { call: 9, attempt: 1 } },
    'unchanged',
  ],
  [
    'an earlier round does not',
    { round: { number: 2, firstCall: 5 } },
    { ...ended, round: { number: 1, firstCall: 3 } },
    'unchanged',
  ],
])('%s', async (_, given, told, become) => {
  const row = await insert(given);
  expect(await restore({ ...row, ...told })).toBe(become);
  expect(await read(row)).toEqual(become === 'completed' ? { ...row, ...told } : row);
});

test('one that is moved to where it waits is told, since its workflow may sleep until then; one that is moved on is not', async () => {
  const row = await insert({ ...ended, newest: { call: 0, attempt: 1 } });
  const replayed = { ...row, status: 'held' as const, finishedAt: null, round: { number: 1, firstCall: 1 } };
  expect(await restore(replayed)).toBe('completed');
  expect(await read(row)).toMatchObject({ status: 'held', turnAt: row.createdAt });
  expect(await restore({ ...replayed, ...ended, newest: { call: 1, attempt: 1 } })).toBe('completed');
  expect((await read(row))?.turnAt).toBeUndefined();
});

test('a row whose place another delivery has is left out', async () => {
  const row = await insert({});
  expect(await restore({ ...row, _id: newId('delivery') })).toBe('refused');
});
