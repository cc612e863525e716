import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DeliveryId } from '../schemas/ids';
import { AHEAD, inMs, openTurns } from '../tests/servers/open-turns';
import { findDelivery } from './deliveries';
import { beginAttempt, saveProgress } from './delivery-attempts';
import { findTellable, forgetTold, type Tellable, takeTellable, tryLater } from './told-turns';
import { tellSoon } from './turns';

let turns: Awaited<ReturnType<typeof openTurns>>;
beforeAll(async () => {
  turns = await openTurns();
});
afterAll(() => turns.close());

test('whoever was told, and sleeps again before that is written down, is told again', async () => {
  const webhookId = await turns.makePace(180);
  const { ids } = await turns.queue(webhookId, 1);
  const [deliveryId] = ids as [DeliveryId];
  await turns.shut(deliveryId, 0);
  await tellSoon(turns.db, webhookId);
  const told = await turns.look(webhookId);
  await turns.shut(deliveryId, 0);
  await forgetTold(turns.db, told);
  expect(await turns.asleepOf(webhookId)).toEqual(ids);
});

test('whoever cannot be reached is tried again later, and holds up nobody', async () => {
  const webhookId = await turns.makePace(180);
  const { ids } = await turns.queue(webhookId, 2);
  for (const deliveryId of ids) await turns.shut(deliveryId, 0);
  await turns.set(webhookId, { openings: 1, tellAt: inMs(0) });
  const first = await turns.look(webhookId);
  await tryLater(turns.db, first, new Date());
  expect(await turns.asleepOf(webhookId)).toEqual([ids[1], ids[0]]);
});

test('a delivery whose attempt could not begin for our own fault sleeps like the others, whatever that attempt says later', async () => {
  const webhookId = await turns.makePace(180);
  const { ids } = await turns.queue(webhookId, 1);
  const [deliveryId] = ids as [DeliveryId];
  const by = { call: 0, attempt: 1 };
  await beginAttempt(turns.db, deliveryId, by);
  await turns.shut(deliveryId, 1);
  const late = {
    attempts: [],
    class: null,
    responseStatus: null,
    nextAttemptAt: null,
    finishedAt: null,
    waitingFor: null,
  };
  await saveProgress(turns.db, { deliveryId, by, status: 'waiting-retry', ...late });
  expect(await findDelivery(turns.db, deliveryId)).toMatchObject({
    status: 'held',
    newest: { call: 1, attempt: 0 },
  });
  expect(await turns.asleepOf(webhookId)).toEqual(ids);
  expect(await beginAttempt(turns.db, deliveryId, { call: 1, attempt: 1 })).toMatchObject({ isMine: true });
});

test('a look that was asked for while another one went on is not forgotten', async () => {
  const webhookId = await turns.makePace(60);
  await turns.set(webhookId, { tellAt: inMs(-5000) });
  const pace = (await findTellable(turns.db, AHEAD)).find(({ _id }) => _id === webhookId) as Tellable;
  await tellSoon(turns.db, webhookId);
  expect(await takeTellable(turns.db, pace, AHEAD)).toEqual([]);
  expect((await turns.paceOf(webhookId)).tellAt).toBeDefined();
});
