import type { DeliveryId, WebhookId } from '../schemas/ids';
import type { Database } from './database';
import { DELIVERIES } from './deliveries';
import { GAP, gapMs, PACES, updatePace } from './paces';

/** A delivery whose turn is further away sleeps until it is told; then nothing wakes while nothing can leave. */
export const FAR_MS = 60_000;
/** One that is told of its turn, or of its webhook's being open again, looks by itself after this, should nobody have told it. */
export const UNTOLD_MS = 6 * 3_600_000;
/** The number of a row's sleep: whoever wakes and sleeps again is not taken for the one that was told. */
export const ONE_MORE_SLEEP = { $add: [{ $ifNull: ['$sleeps', 0] }, 1] };
const ONE_MORE_ASK = { $add: [{ $ifNull: ['$asks', 0] }, 1] };

/**
 * Takes the next turn of a webhook. A turn is an expectation, not a permission: it spreads the workflows over time so
 * that Temporal's queue stays short. Taken twice it leaves a hole of one gap.
 *
 * @returns milliseconds from now until the turn, >= 0; 0 for a webhook without a pace (deleted)
 */
export async function takeTurn(db: Database, webhookId: WebhookId): Promise<number> {
  const isFar = { $gt: ['$turn', { $add: ['$$NOW', FAR_MS] }] };
  const pace = await updatePace(db, webhookId, [
    { $set: { turn: { $max: ['$$NOW', '$turnAt', '$openUntil'] } } },
    {
      $set: {
        turnAt: { $add: ['$turn', GAP] },
        tellAt: { $cond: [isFar, { $min: ['$tellAt', '$turn'] }, '$tellAt'] },
        asks: { $cond: [isFar, ONE_MORE_ASK, '$asks'] },
      },
    },
    { $unset: 'turn' },
  ]);
  return pace ? Math.max(0, pace.turnAt.getTime() - gapMs(pace.limit) - pace.now.getTime()) : 0;
}

/**
 * Takes the next turn for a delivery, which is told of it when it is far away.
 *
 * @returns milliseconds for which the delivery's workflow sleeps, unless it is told
 * @source docs/rate.md
 */
export async function takeTurnFor(
  db: Database,
  { deliveryId, webhookId }: { deliveryId: DeliveryId; webhookId: WebhookId },
): Promise<number> {
  const waitMs = await takeTurn(db, webhookId);
  if (waitMs <= FAR_MS) return waitMs;
  const waits = { _id: deliveryId, status: 'queued' } as object;
  const sleeping = [{ $set: { turnAt: { $add: ['$$NOW', waitMs] }, sleeps: ONE_MORE_SLEEP } }];
  await db.model(DELIVERIES).updateOne(waits, sleeping, { updatePipeline: true });
  return waitMs + UNTOLD_MS;
}

/**
 * Brings the turn of a delivery that waits to be told forward.
 *
 * @returns false when this one does not wait to be told
 */
export async function bringTurnForward(
  db: Database,
  to: { deliveryId: DeliveryId; webhookId: WebhookId; waitMs: number },
): Promise<boolean> {
  const sooner = { $min: ['$turnAt', { $add: ['$$NOW', to.waitMs] }] };
  const waits = { _id: to.deliveryId, turnAt: { $exists: true } } as object;
  const { matchedCount } = await db
    .model(DELIVERIES)
    .updateOne(waits, [{ $set: { turnAt: sooner, isNewTurn: true } }], { updatePipeline: true });
  if (matchedCount > 0) await tellIn(db, to.webhookId, to.waitMs);
  return matchedCount > 0;
}

/** Says that a delivery of this webhook waits to be told as soon as something may leave. */
export const tellSoon = (db: Database, webhookId: WebhookId): Promise<void> => tellIn(db, webhookId, 0);

async function tellIn(db: Database, webhookId: WebhookId, ms: number): Promise<void> {
  const tellAt = { $min: ['$tellAt', { $add: ['$$NOW', ms] }] };
  const asked = [{ $set: { tellAt, asks: ONE_MORE_ASK } }];
  await db.model(PACES).updateOne({ _id: webhookId }, asked, { updatePipeline: true });
}
