import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { WebhookId } from '../schemas/ids';
import { openTurns } from '../tests/servers/open-turns';
import { gapMs, PACES } from './paces';
import { reserveSlot } from './reserve-slot';

const LIMIT = 60;

let turns: Awaited<ReturnType<typeof openTurns>>;
beforeAll(async () => {
  turns = await openTurns();
});
afterAll(() => turns.close());

const reserve = (webhookId: WebhookId, token: string, missed: string | null = null) =>
  reserveSlot(turns.db, { webhookId, token, missed, withinMs: 5000 });
/** Lets time go by for what was reserved. */
const sink = (webhookId: WebhookId, ms: number) =>
  turns.db
    .model(PACES)
    .updateOne(
      { _id: webhookId },
      [{ $set: { nextAt: { $subtract: ['$nextAt', ms] }, 'last.at': { $subtract: ['$last.at', ms] } } }],
      { updatePipeline: true },
    );

test('whoever missed its slot sends now, and the next one a whole gap later', async () => {
  const webhookId = await turns.makePace(LIMIT);
  await reserve(webhookId, 'first');
  await sink(webhookId, 400);
  expect(await reserve(webhookId, 'again', 'first')).toMatchObject({ isGranted: true, waitMs: 0 });
  expect((await reserve(webhookId, 'other')).waitMs).toBeGreaterThan(gapMs(LIMIT) - 200);
});

test('whoever missed its slot while others have later ones goes behind them', async () => {
  const webhookId = await turns.makePace(LIMIT);
  await reserve(webhookId, 'first');
  await reserve(webhookId, 'other');
  await sink(webhookId, 400);
  const { nextAt } = await turns.paceOf(webhookId);
  expect(await reserve(webhookId, 'again', 'first')).toMatchObject({ isGranted: true });
  expect((await turns.paceOf(webhookId)).last).toEqual({ token: 'again', at: nextAt });
});

test('the one that tries whether a receiver is back still does after it missed its slot', async () => {
  const webhookId = await turns.makePace(LIMIT);
  await turns.set(webhookId, { openings: 1, openUntil: new Date(0) });
  await reserve(webhookId, 'first');
  expect(await reserve(webhookId, 'other')).toMatchObject({ isGranted: false, because: 'breaker' });
  expect(await reserve(webhookId, 'again', 'first')).toMatchObject({ isGranted: true });
  expect((await turns.paceOf(webhookId)).probe).toBe('again');
});
