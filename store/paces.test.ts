import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { newId, newSecret } from '../lib/ids';
import type { WebhookId } from '../schemas/ids';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { mostInAnyMinute } from '../tests/servers/rate';
import { transaction } from './database';
import { gapMs, insertPace, PACES, SOON_MS, setPaceLimit } from './paces';
import { holdBack, reserveSlot, type Slot } from './reserve-slot';
import { takeTurn } from './turns';

const HOUR_MS = 3_600_000;
const accountId = newId('account');

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

async function makePace(limit: number): Promise<WebhookId> {
  const webhookId = newId('webhook');
  await transaction(database.db, (session) => insertPace(database.db, session, { webhookId, accountId, limit }));
  return webhookId;
}
const reserve = (webhookId: WebhookId, withinMs = HOUR_MS): Promise<Slot> =>
  reserveSlot(database.db, { webhookId, token: newSecret(), withinMs });
const paceOf = async (webhookId: WebhookId) => {
  const pace = await database.db.model(PACES).findById(webhookId).lean();
  if (!pace) throw new Error('no such pace');
  return pace;
};
const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const gapsOf = (sorted: number[]): number[] => sorted.slice(1).map((at, index) => at - (sorted[index] ?? 0));

/** Every value that one field of a pace takes while `work` runs, by the database's own log of changes. */
async function valuesDuring(webhookId: WebhookId, field: 'nextAt' | 'turnAt', work: () => Promise<unknown>) {
  const stream = database.db.model(PACES).collection.watch([{ $match: { 'documentKey._id': webhookId } }], {
    maxAwaitTimeMS: 20,
  });
  const values: number[] = [];
  await stream.tryNext();
  await work();
  await database.db.model(PACES).deleteOne({ _id: webhookId });
  for await (const change of stream) {
    if (change.operationType === 'delete') break;
    const value = change.operationType === 'update' ? change.updateDescription.updatedFields?.[field] : undefined;
    if (value) values.push((value as Date).getTime());
  }
  await stream.close();
  return values;
}

test('however many ask at once, slots lie at least one gap apart and no sliding minute holds more than the limit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 180 }), fc.integer({ min: 2, max: 60 }), async (limit, callers) => {
      const webhookId = await makePace(limit);
      let slots: Slot[] = [];
      const next = await valuesDuring(webhookId, 'nextAt', async () => {
        slots = await times(callers, () => reserve(webhookId, 48 * HOUR_MS));
      });
      const slotAts = next.map((nextAt) => nextAt - gapMs(limit));
      expect(slots.every(({ isGranted }) => isGranted)).toBe(true);
      expect(slotAts).toHaveLength(callers);
      for (const gap of gapsOf(slotAts)) expect(gap).toBeGreaterThanOrEqual(gapMs(limit));
      expect(mostInAnyMinute(slotAts)).toBeLessThanOrEqual(limit);
    }),
    { numRuns: 12 },
  );
});

test('a slot right after another is used: nothing of the limit is wasted while many ask', async () => {
  const webhookId = await makePace(180);
  const next = await valuesDuring(webhookId, 'nextAt', () => times(100, () => reserve(webhookId)));
  expect(new Set(gapsOf(next))).toEqual(new Set([gapMs(180)]));
});

test('an idle webhook earns no burst', async () => {
  const webhookId = await makePace(60);
  await database.db.model(PACES).updateOne({ _id: webhookId }, { $set: { nextAt: new Date(Date.now() - HOUR_MS) } });
  const waits = (await times(5, () => reserve(webhookId))).map(({ waitMs }) => waitMs).sort((a, b) => a - b);
  expect(waits[0]).toBe(0);
  for (const gap of gapsOf(waits)) expect(gap).toBeGreaterThan(gapMs(60) - 250);
});

test('those beyond the reach are refused, and each is promised a slot of its own, one gap apart', async () => {
  const webhookId = await makePace(60);
  const slots = await times(30, () => reserve(webhookId, 4500));
  const granted = slots.filter(({ isGranted }) => isGranted);
  const promised = slots.filter(({ isGranted }) => !isGranted);
  expect(granted.length).toBeGreaterThanOrEqual(5);
  expect(granted.length).toBeLessThanOrEqual(7);
  for (const { waitMs } of granted) expect(waitMs).toBeLessThanOrEqual(4500);

  const { nextAt, bounceAt } = await paceOf(webhookId);
  expect(bounceAt.getTime() - nextAt.getTime()).toBe(promised.length * gapMs(60));
  // The waits are counted from the moment of each answer, so they shift by as much as the calls took.
  const waits = promised.map(({ waitMs }) => waitMs).sort((a, b) => a - b);
  for (const gap of gapsOf(waits)) expect(Math.abs(gap - gapMs(60))).toBeLessThan(400);
});

test('a refusal takes no slot', async () => {
  const webhookId = await makePace(1);
  await reserve(webhookId);
  const before = await paceOf(webhookId);
  await times(10, () => reserve(webhookId, 5000));
  const after = await paceOf(webhookId);
  expect(after.nextAt).toEqual(before.nextAt);
  expect(after.last).toEqual(before.last);
});

test('turns taken at once are one gap apart, from now', async () => {
  const webhookId = await makePace(120);
  let waits: number[] = [];
  const turns = await valuesDuring(webhookId, 'turnAt', async () => {
    waits = await times(50, () => takeTurn(database.db, webhookId));
  });
  expect(new Set(gapsOf(turns))).toEqual(new Set([gapMs(120)]));
  expect(Math.min(...waits)).toBe(0);
  expect(Math.max(...waits)).toBeGreaterThan(48 * gapMs(120));
});

test('a lowered limit takes back what is reserved, and holds from the last slot on that comes soon', async () => {
  const webhookId = await makePace(180);
  await times(6, () => reserve(webhookId));
  const next = await valuesDuring(webhookId, 'nextAt', async () => {
    await transaction(database.db, (session) => setPaceLimit(database.db, session, { webhookId, limit: 10 }));
    const { last, nextAt } = await paceOf(webhookId);
    expect(last?.at.getTime()).toBeLessThanOrEqual(Date.now() + SOON_MS);
    expect(nextAt.getTime()).toBe((last?.at.getTime() ?? 0) + gapMs(10));
    await times(6, () => reserve(webhookId));
  });
  expect(next).toHaveLength(7);
  expect(new Set(gapsOf(next))).toEqual(new Set([gapMs(10)]));
});

test('a raised limit holds at once: nobody waits for a slot of the old one', async () => {
  const webhookId = await makePace(1);
  await reserve(webhookId);
  const { last } = await paceOf(webhookId);
  await transaction(database.db, (session) => setPaceLimit(database.db, session, { webhookId, limit: 180 }));
  expect((await paceOf(webhookId)).nextAt.getTime()).toBe((last?.at.getTime() ?? 0) + gapMs(180));
});

test('what a receiver asked for outlasts an edit of the limit', async () => {
  const webhookId = await makePace(60);
  await reserve(webhookId);
  await holdBack(database.db, webhookId, 20_000);
  const { nextAt } = await paceOf(webhookId);
  await transaction(database.db, (session) => setPaceLimit(database.db, session, { webhookId, limit: 180 }));
  expect((await paceOf(webhookId)).nextAt).toEqual(nextAt);
});

test('an edited limit gives turns and promises anew behind the reserved slots', async () => {
  const webhookId = await makePace(1);
  await times(3, () => reserve(webhookId));
  await times(20, () => takeTurn(database.db, webhookId));
  await times(20, () => reserve(webhookId, 1000));
  await transaction(database.db, (session) => setPaceLimit(database.db, session, { webhookId, limit: 60 }));
  const { nextAt, turnAt, bounceAt, limit } = await paceOf(webhookId);
  expect([limit, turnAt, bounceAt]).toEqual([60, nextAt, nextAt]);
});

test('held back, a webhook gives no slot before the time its receiver asked for; a shorter one later does not shorten it', async () => {
  const webhookId = await makePace(180);
  await holdBack(database.db, webhookId, 20_000);
  await holdBack(database.db, webhookId, 1000);
  expect((await reserve(webhookId, 5000)).isGranted).toBe(false);
  const { isGranted, waitMs } = await reserve(webhookId);
  expect(isGranted).toBe(true);
  expect(waitMs).toBeGreaterThan(18_000);
  expect(waitMs).toBeLessThanOrEqual(20_000);
});

test('a process whose own clock is wrong by an hour gets the same slots: the database has the clock', async () => {
  const webhookId = await makePace(60);
  const first = await reserve(webhookId);
  const wrong = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + HOUR_MS);
  const second = await reserve(webhookId);
  wrong.mockRestore();
  expect(first).toMatchObject({ isGranted: true, waitMs: 0 });
  expect(second.isGranted).toBe(true);
  expect(second.waitMs).toBeGreaterThan(0);
  expect(second.waitMs).toBeLessThanOrEqual(gapMs(60));
});

test('a webhook that is gone holds nobody up, and lets nothing leave', async () => {
  const webhookId = newId('webhook');
  expect(await takeTurn(database.db, webhookId)).toBe(0);
  await expect(reserve(webhookId)).rejects.toMatchObject({ code: 'webhook.not-found' });
});
