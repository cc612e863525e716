import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { queuedDelivery } from '../domain/queued-delivery';
import { newId } from '../lib/ids';
import type { DeliveryId, WebhookId } from '../schemas/ids';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { countSuccess } from './breaker';
import { transaction } from './database';
import { DELIVERIES, findDelivery, insertDelivery } from './deliveries';
import { saveShut } from './delivery-attempts';
import { gapMs, insertPace, PACES, type Pace, setPaceHeld } from './paces';
import { findTellable, forgetTold, type Told, takeTellable } from './told-turns';
import { bringTurnForward, takeTurn, takeTurnFor, tellSoon, UNTOLD_MS } from './turns';

const AHEAD = { ownMs: 16_000, comebackMs: 7500 };
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
async function queue(webhookId: WebhookId, count: number): Promise<{ ids: DeliveryId[]; waits: number[] }> {
  const ids: DeliveryId[] = [];
  const waits: number[] = [];
  for (let n = 0; n < count; n++) {
    const deliveryId = newId('delivery');
    const source = { type: 'test' as const, name: 'Turns' };
    const createdAt = new Date().toISOString();
    const origin = {
      recordId: newId('record'),
      objectTypeId: 0,
      source,
      workflowId: `deliver:${deliveryId}`,
      createdAt,
    };
    await insertDelivery(database.db, null, queuedDelivery({ deliveryId, accountId, webhookId, origin }));
    ids.push(deliveryId);
    waits.push(await takeTurnFor(database.db, { deliveryId, webhookId }));
  }
  return { ids, waits };
}
const asleepOf = async (webhookId: WebhookId): Promise<DeliveryId[]> => {
  const waits = { webhookId, turnAt: { $exists: true } } as object;
  return (await database.db.model(DELIVERIES).find(waits).sort({ turnAt: 1 }).lean()).map(({ _id }) => _id);
};
const set = (webhookId: WebhookId, $set: object) => database.db.model(PACES).updateOne({ _id: webhookId }, { $set });
const inMs = (ms: number) => new Date(Date.now() + ms);
const paceOf = (webhookId: WebhookId) => database.db.model(PACES).findById(webhookId).orFail().lean<Pace>();
const look = async (webhookId: WebhookId): Promise<Told[]> => {
  const pace = (await findTellable(database.db, AHEAD)).find(({ _id }) => _id === webhookId);
  return pace ? takeTellable(database.db, pace, AHEAD) : [];
};
const allDue = (webhookId: WebhookId) =>
  database.db
    .model(DELIVERIES)
    .updateMany(
      { webhookId, turnAt: { $exists: true } },
      [{ $set: { turnAt: { $subtract: ['$turnAt', 3_600_000] } } }],
      {
        updatePipeline: true,
      },
    );

test('a near turn is waited for; whoever has a far one waits to be told, and its webhook is looked at by then', async () => {
  const webhookId = await makePace(3);
  const { ids, waits } = await queue(webhookId, 6);
  expect(waits.map((wait) => wait > UNTOLD_MS)).toEqual([false, false, false, true, true, true]);
  const turns = await Promise.all(ids.map(async (id) => (await findDelivery(database.db, id))?.turnAt));
  expect(turns.map(Boolean)).toEqual([false, false, false, true, true, true]);
  const tellAt = (await paceOf(webhookId)).tellAt?.getTime() ?? 0;
  expect(Math.abs(tellAt - (turns[3]?.getTime() ?? 0))).toBeLessThan(1000);
  expect(await look(webhookId)).toEqual([]);
});

test('those whose turn has come are told in its order, twice what leaves in a second, as far as slots lie in reach', async () => {
  const webhookId = await makePace(60);
  await queue(webhookId, 80);
  const asleep = await asleepOf(webhookId);
  await allDue(webhookId);
  await set(webhookId, { tellAt: inMs(0), turnAt: inMs(0), nextAt: inMs(0) });
  const told: Told[] = [];
  for (let n = 0; n < 12; n++) {
    const some = await look(webhookId);
    expect(some.length).toBeLessThanOrEqual(2);
    await forgetTold(database.db, some);
    told.push(...some);
  }
  expect(told.length).toBeGreaterThanOrEqual(15);
  expect(told.length).toBeLessThanOrEqual(17);
  expect(told.every(({ isOwn }) => isOwn)).toBe(true);
  expect(told.map(({ _id }) => _id)).toEqual(asleep.slice(0, told.length));
  // Whoever comes now has a turn behind those who still wait.
  expect(await takeTurn(database.db, webhookId)).toBeGreaterThan((asleep.length - told.length - 1) * gapMs(60));
  await set(webhookId, { bounceAt: inMs(0), tellAt: inMs(0) });
  expect((await look(webhookId))[0]?._id).toBe(asleep[told.length]);
});

test('whoever was taken but not told, because the process died, is found again within 10 s', async () => {
  const webhookId = await makePace(60);
  await queue(webhookId, 80);
  await allDue(webhookId);
  await set(webhookId, { tellAt: inMs(0), turnAt: inMs(0), nextAt: inMs(0) });
  const first = await look(webhookId);
  expect(first.length).toBeGreaterThan(0);
  const { tellAt } = await paceOf(webhookId);
  expect(tellAt?.getTime()).toBeLessThanOrEqual(Date.now() + 10_000);
  await set(webhookId, { tellAt: inMs(0), bounceAt: inMs(0) });
  expect(await look(webhookId)).toEqual(first);
});

test('nobody is told while the webhook is held or its breaker is open; then one tries, and after a success the others', async () => {
  const webhookId = await makePace(180);
  const { ids } = await queue(webhookId, 3);
  for (const deliveryId of ids)
    await saveShut(database.db, { deliveryId, status: 'held', until: null, waitingFor: 'Held' });
  await tellSoon(database.db, webhookId);
  await set(webhookId, { isHeld: true });
  expect(await look(webhookId)).toEqual([]);
  await transaction(database.db, (session) => setPaceHeld(database.db, session, { webhookId, isHeld: false }));
  await set(webhookId, { openUntil: inMs(60_000), openings: 1 });
  expect(await look(webhookId)).toEqual([]);
  await set(webhookId, { openUntil: inMs(-1) });
  const tried = await look(webhookId);
  expect(tried.map(({ _id }) => _id)).toEqual(ids.slice(0, 1));
  await forgetTold(database.db, tried);
  expect(await look(webhookId)).toEqual([]);
  await countSuccess(database.db, webhookId);
  expect((await look(webhookId)).map(({ _id }) => _id)).toEqual(ids.slice(1));
});

test('who has its own turn and is in time is told by it, whatever was promised to others', async () => {
  const webhookId = await makePace(60);
  await queue(webhookId, 70);
  const [first] = await asleepOf(webhookId);
  const sooner = [{ $set: { turnAt: { $subtract: ['$turnAt', 50_000] } } }];
  const asleep = { webhookId, turnAt: { $exists: true } } as object;
  await database.db.model(DELIVERIES).updateMany(asleep, sooner, { updatePipeline: true });
  await set(webhookId, { tellAt: inMs(0), bounceAt: inMs(600_000) });
  const told = await look(webhookId);
  expect(told[0]).toMatchObject({ _id: first, isOwn: true });
  expect((await paceOf(webhookId)).bounceAt.getTime()).toBeGreaterThan(Date.now() + 500_000);
});

test('a new turn brings the one that is waited for forward, never back; who waits by itself has none to bring', async () => {
  const webhookId = await makePace(1);
  const { ids } = await queue(webhookId, 3);
  const [near, , far] = ids as [DeliveryId, DeliveryId, DeliveryId];
  const bring = (deliveryId: DeliveryId, waitMs: number) =>
    bringTurnForward(database.db, { deliveryId, webhookId, waitMs });
  expect(await bring(near, 1000)).toBe(false);
  expect(await look(webhookId)).toEqual([]);
  expect(await bring(far, 1000)).toBe(true);
  const sooner = (await findDelivery(database.db, far))?.turnAt;
  expect(sooner?.getTime()).toBeLessThan(Date.now() + 2000);
  await bring(far, 3_600_000);
  expect((await findDelivery(database.db, far))?.turnAt).toEqual(sooner);
  expect((await look(webhookId)).map(({ _id, isOwn }) => [_id, isOwn])).toEqual([[far, false]]);
});

test('once nobody waits, the webhook is not looked at any more', async () => {
  const webhookId = await makePace(60);
  await tellSoon(database.db, webhookId);
  expect(await look(webhookId)).toEqual([]);
  expect((await paceOf(webhookId)).tellAt).toBeUndefined();
});
