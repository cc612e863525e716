import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DeliveryId } from '../schemas/ids';
import { inMs, openTurns } from '../tests/servers/open-turns';
import { countSuccess } from './breaker';
import { transaction } from './database';
import { findDelivery } from './deliveries';
import { gapMs, setPaceHeld } from './paces';
import { forgetTold, type Told } from './told-turns';
import { bringTurnForward, takeTurn, tellSoon, UNTOLD_MS } from './turns';

let turns: Awaited<ReturnType<typeof openTurns>>;
beforeAll(async () => {
  turns = await openTurns();
});
afterAll(() => turns.close());

test('a near turn is waited for; whoever has a far one waits to be told, and its webhook is looked at by then', async () => {
  const webhookId = await turns.makePace(3);
  const { ids, waits } = await turns.queue(webhookId, 6);
  expect(waits.map((wait) => wait > UNTOLD_MS)).toEqual([false, false, false, true, true, true]);
  const dueAt = await Promise.all(ids.map(async (id) => (await findDelivery(turns.db, id))?.turnAt));
  expect(dueAt.map(Boolean)).toEqual([false, false, false, true, true, true]);
  const tellAt = (await turns.paceOf(webhookId)).tellAt?.getTime() ?? 0;
  expect(Math.abs(tellAt - (dueAt[3]?.getTime() ?? 0))).toBeLessThan(1000);
  expect(await turns.look(webhookId)).toEqual([]);
});

test('those whose turn has come are told in its order, twice what leaves in a second, as far as slots lie in reach', async () => {
  const webhookId = await turns.makePace(60);
  await turns.queue(webhookId, 80);
  const asleep = await turns.asleepOf(webhookId);
  await turns.sooner(webhookId, 3_600_000);
  await turns.set(webhookId, { tellAt: inMs(0), turnAt: inMs(0), nextAt: inMs(0) });
  const told: Told[] = [];
  for (let n = 0; n < 12; n++) {
    const some = await turns.look(webhookId);
    expect(some.length).toBeLessThanOrEqual(2);
    await forgetTold(turns.db, some);
    told.push(...some);
  }
  expect(told.length).toBeGreaterThanOrEqual(15);
  expect(told.length).toBeLessThanOrEqual(17);
  expect(told.every(({ isOwn }) => isOwn)).toBe(true);
  expect(told.map(({ _id }) => _id)).toEqual(asleep.slice(0, told.length));
  // Whoever comes now has a turn behind those who still wait.
  expect(await takeTurn(turns.db, webhookId)).toBeGreaterThan((asleep.length - told.length - 1) * gapMs(60));
  await turns.set(webhookId, { bounceAt: inMs(0), tellAt: inMs(0) });
  expect((await turns.look(webhookId))[0]?._id).toBe(asleep[told.length]);
});

test('whoever was taken but not told, because the process died, is found again within 10 s', async () => {
  const webhookId = await turns.makePace(60);
  await turns.queue(webhookId, 80);
  await turns.sooner(webhookId, 3_600_000);
  await turns.set(webhookId, { tellAt: inMs(0), turnAt: inMs(0), nextAt: inMs(0) });
  const first = await turns.look(webhookId);
  expect(first.length).toBeGreaterThan(0);
  const { tellAt } = await turns.paceOf(webhookId);
  expect(tellAt?.getTime()).toBeLessThanOrEqual(Date.now() + 10_000);
  await turns.set(webhookId, { tellAt: inMs(0), bounceAt: inMs(0) });
  expect(await turns.look(webhookId)).toEqual(first);
});

test('nobody is told while the webhook is held or its breaker is open; then one tries, and after a success the others', async () => {
  const webhookId = await turns.makePace(180);
  const { ids } = await turns.queue(webhookId, 3);
  for (const deliveryId of ids) await turns.shut(deliveryId, 0);
  await tellSoon(turns.db, webhookId);
  await turns.set(webhookId, { isHeld: true });
  expect(await turns.look(webhookId)).toEqual([]);
  await transaction(turns.db, (session) => setPaceHeld(turns.db, session, { webhookId, isHeld: false }));
  await turns.set(webhookId, { openUntil: inMs(60_000), openings: 1 });
  expect(await turns.look(webhookId)).toEqual([]);
  await turns.set(webhookId, { openUntil: inMs(-1) });
  const tried = await turns.look(webhookId);
  expect(tried.map(({ _id }) => _id)).toEqual(ids.slice(0, 1));
  await forgetTold(turns.db, tried);
  expect(await turns.look(webhookId)).toEqual([]);
  await countSuccess(turns.db, webhookId);
  expect((await turns.look(webhookId)).map(({ _id }) => _id)).toEqual(ids.slice(1));
});

test('who has its own turn and is in time is told by it, whatever was promised to others', async () => {
  const webhookId = await turns.makePace(60);
  await turns.queue(webhookId, 70);
  const [first] = await turns.asleepOf(webhookId);
  await turns.sooner(webhookId, 50_000);
  await turns.set(webhookId, { tellAt: inMs(0), bounceAt: inMs(600_000) });
  const told = await turns.look(webhookId);
  expect(told[0]).toMatchObject({ _id: first, isOwn: true });
  expect((await turns.paceOf(webhookId)).bounceAt.getTime()).toBeGreaterThan(Date.now() + 500_000);
});

test('a new turn brings the one that is waited for forward, never back; who waits by itself has none to bring', async () => {
  const webhookId = await turns.makePace(1);
  const { ids } = await turns.queue(webhookId, 3);
  const [near, , far] = ids as [DeliveryId, DeliveryId, DeliveryId];
  const bring = (deliveryId: DeliveryId, waitMs: number) =>
    bringTurnForward(turns.db, { deliveryId, webhookId, waitMs });
  expect(await bring(near, 1000)).toBe(false);
  expect(await turns.look(webhookId)).toEqual([]);
  expect(await bring(far, 1000)).toBe(true);
  const sooner = (await findDelivery(turns.db, far))?.turnAt;
  expect(sooner?.getTime()).toBeLessThan(Date.now() + 2000);
  await bring(far, 3_600_000);
  expect((await findDelivery(turns.db, far))?.turnAt).toEqual(sooner);
  expect((await turns.look(webhookId)).map(({ _id, isOwn }) => [_id, isOwn])).toEqual([[far, false]]);
});

test('once nobody waits, the webhook is not looked at any more', async () => {
  const webhookId = await turns.makePace(60);
  await tellSoon(turns.db, webhookId);
  expect(await turns.look(webhookId)).toEqual([]);
  expect((await turns.paceOf(webhookId)).tellAt).toBeUndefined();
});
