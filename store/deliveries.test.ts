import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FINAL_STATUSES, type StoredDelivery } from '../schemas/delivery';
import type { DeliveryId } from '../schemas/ids';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { loggedAttempt, mapSource, storedDelivery } from '../tests/servers/stored';
import { isDuplicate, transaction } from './database';
import { cancelDeliveryOf, DELIVERIES, findDelivery, insertDelivery } from './deliveries';
import { beginAttempt, type DeliveryProgress, saveProgress, saveWaiting } from './delivery-attempts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

async function makeDelivery(given: Partial<StoredDelivery> = {}): Promise<DeliveryId> {
  const delivery = storedDelivery(given);
  await transaction(database.db, (session) => insertDelivery(database.db, session, delivery));
  return delivery._id;
}
async function read(id: DeliveryId): Promise<StoredDelivery> {
  const row = await findDelivery(database.db, id);
  if (!row) throw new Error('no such delivery');
  return row;
}
const begin = (id: DeliveryId, call: number, attempt: number) => beginAttempt(database.db, id, { call, attempt });
const save = (id: DeliveryId, given: Partial<DeliveryProgress>): Promise<void> =>
  saveProgress(database.db, {
    deliveryId: id,
    by: { workflowId: storedDelivery().workflowId },
    attempts: [],
    status: 'waiting-retry',
    class: 'transient',
    responseStatus: 500,
    nextAttemptAt: new Date(Date.now() + 5000),
    finishedAt: null,
    waitingFor: null,
    ...given,
  });
const linesOf = ({ attempts }: StoredDelivery) => attempts.map((line) => `${line.call}.${line.temporalAttempt}`);

test('an attempt that begins is the newest, and learns which was before it', async () => {
  const id = await makeDelivery();
  expect(await begin(id, 0, 1)).toMatchObject({ isMine: true, before: { call: -1, attempt: 0 } });
  expect(await begin(id, 0, 2)).toMatchObject({ isMine: true, before: { call: 0, attempt: 1 } });
  expect(await read(id)).toMatchObject({ status: 'sending', newest: { call: 0, attempt: 2 } });
});

test('attempts are ordered by call, then by attempt: an older one is refused once a newer one has begun', async () => {
  const id = await makeDelivery();
  await begin(id, 0, 5);
  expect(await begin(id, 1, 1)).toMatchObject({ isMine: true });
  for (const [call, attempt] of [
    [0, 5],
    [0, 9],
    [1, 0],
  ] as const)
    expect(await begin(id, call, attempt)).toMatchObject({ isMine: false, before: { call: 1, attempt: 1 } });
  expect((await read(id)).newest).toEqual({ call: 1, attempt: 1 });
});

test('an attempt that says twice that it begins is still the newest', async () => {
  const id = await makeDelivery();
  await begin(id, 0, 1);
  expect(await begin(id, 0, 1)).toMatchObject({ isMine: true });
});

test('of many attempts that begin at once, the newest ends up as the newest', async () => {
  const id = await makeDelivery();
  const begun = await Promise.all(Array.from({ length: 20 }, (_, n) => begin(id, 0, 20 - n)));
  expect((await read(id)).newest).toEqual({ call: 0, attempt: 20 });
  expect(begun[0]).toMatchObject({ isMine: true });
});

test.each(FINAL_STATUSES)('no attempt begins on a delivery that is %s', async (status) => {
  const id = await makeDelivery({ status, finishedAt: new Date() });
  expect(await begin(id, 3, 1)).toMatchObject({ isMine: false });
  expect(await read(id)).toMatchObject({ status, newest: { call: -1, attempt: 0 } });
});

test('a delivery that is not there begins nothing', async () => {
  expect(await begin(storedDelivery()._id, 0, 1)).toBeNull();
});

test('each attempt gets one line, however often it is saved, in the order of attempts', async () => {
  const id = await makeDelivery();
  await save(id, { attempts: [loggedAttempt(1, 1)] });
  await save(id, { attempts: [loggedAttempt(0, 2), loggedAttempt(0, 1), loggedAttempt(1, 1, { status: 999 })] });
  const row = await read(id);
  expect(linesOf(row)).toEqual(['0.1', '0.2', '1.1']);
  expect(row.attempts[2]?.status).toBe(500);
});

test('lines saved at once by many are all kept, once each', async () => {
  const id = await makeDelivery();
  await Promise.all(Array.from({ length: 20 }, (_, n) => save(id, { attempts: [loggedAttempt(0, (n % 10) + 1)] })));
  expect(linesOf(await read(id))).toEqual(Array.from({ length: 10 }, (_, n) => `0.${n + 1}`));
});

test('texts of a receiver that look like operators of the database are stored as they are', async () => {
  const id = await makeDelivery();
  const line = loggedAttempt(0, 1, {
    response: { headers: { $set: '$$ROOT', 'a.b': '$status' }, body: '$class', isTruncated: false },
  });
  await save(id, { attempts: [line] });
  expect((await read(id)).attempts).toEqual([line]);
});

test.each(FINAL_STATUSES)('a row that is %s keeps its status and its end, and still gets the lines', async (status) => {
  const finishedAt = new Date('2026-01-01T00:00:00Z');
  const id = await makeDelivery({ status, class: 'success', responseStatus: 200, finishedAt });
  await save(id, { attempts: [loggedAttempt(0, 1)], status: 'waiting-retry' });
  const row = await read(id);
  expect(row).toMatchObject({ status, class: 'success', responseStatus: 200, finishedAt, nextAttemptAt: null });
  expect(linesOf(row)).toEqual(['0.1']);
});

test.each([
  ['waiting-retry', false],
  ['failed', false],
  ['delivered', true],
] as const)('an older attempt that says %s after a newer one has begun moves the row: %s', async (status, isMoved) => {
  const id = await makeDelivery();
  await begin(id, 0, 3);
  await begin(id, 1, 1);
  await save(id, { by: { call: 0, attempt: 3 }, status, attempts: [loggedAttempt(0, 3)] });
  const row = await read(id);
  expect(row.status).toBe(isMoved ? status : 'sending');
  expect(linesOf(row)).toEqual(['0.3']);
});

test('the end that a workflow tells late does not end a replay that was begun since', async () => {
  const id = await makeDelivery({ workflowId: 'dlv:replayed:1' });
  const told = { status: 'failed' as const, finishedAt: new Date(), nextAttemptAt: null };
  await save(id, { ...told, by: { workflowId: 'dlv:replayed' }, attempts: [loggedAttempt(0, 1)] });
  expect(await read(id)).toMatchObject({ status: 'queued', finishedAt: null, attempts: [{ temporalAttempt: 1 }] });
  await save(id, { ...told, by: { workflowId: 'dlv:replayed:1' } });
  expect(await read(id)).toMatchObject({ status: 'failed' });
});

test('a wait for the slot is shown only while an attempt is under way', async () => {
  const until = new Date(Date.now() + 60_000);
  const by = { call: 0, attempt: 1 };
  const [open, over] = [await makeDelivery(), await makeDelivery({ status: 'delivered' })];
  await begin(open, 0, 1);
  for (const deliveryId of [open, over])
    await saveWaiting(database.db, { deliveryId, by, until, status: 'waiting-slot', waitingFor: 'Its slot' });
  expect(await read(open)).toMatchObject({ status: 'waiting-slot', nextAttemptAt: until });
  expect(await read(over)).toMatchObject({ status: 'delivered', nextAttemptAt: null });
});

test('the end of an entry cancels its open delivery and leaves a delivered one alone', async () => {
  const source = mapSource();
  const delivered = await makeDelivery({ source: { ...source, step: 0 }, status: 'delivered' });
  const open = await makeDelivery({ source: { ...source, step: 1 }, status: 'waiting-retry' });
  const of = { positionId: source.positionId, workflowId: 'map:of:a:test', at: new Date() };
  await transaction(database.db, (session) => cancelDeliveryOf(database.db, session, of));
  expect((await read(delivered)).status).toBe('delivered');
  expect(await read(open)).toMatchObject({ status: 'cancelled', finishedAt: of.at, nextAttemptAt: null });
});

test('one step of a position makes one delivery', async () => {
  const source = mapSource();
  await makeDelivery({ source });
  expect(isDuplicate(await makeDelivery({ source }).catch((error: unknown) => error))).toBe(true);
  expect(await database.db.model(DELIVERIES).countDocuments({ 'source.positionId': source.positionId } as object)).toBe(
    1,
  );
});
