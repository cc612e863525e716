import type { WebhookId } from '../schemas/ids';
import { countMore } from './breaker';
import type { Database } from './database';
import { GAP, gapMs, updatePace } from './paces';

/** Others wait this long for the one request that tries whether the receiver is back: longer than a request can take. */
const PROBE_MS = 45_000;

/**
 * Takes the next turn of a webhook. A turn is an expectation, not a permission: it spreads the workflows over time so
 * that Temporal's queue stays short. Taken twice it leaves a hole of one gap.
 *
 * @returns milliseconds from now until the turn, >= 0; 0 for a webhook without a pace (deleted)
 */
export async function takeTurn(db: Database, webhookId: WebhookId): Promise<number> {
  const turn = { $add: [{ $max: ['$$NOW', '$turnAt', '$openUntil'] }, GAP] };
  const pace = await updatePace(db, webhookId, [{ $set: { turnAt: turn } }]);
  return pace ? Math.max(0, pace.turnAt.getTime() - gapMs(pace.limit) - pace.now.getTime()) : 0;
}

/** A slot: send after `waitMs`; or come back after `waitMs` and ask again, for the reason said. */
export interface Slot {
  isGranted: boolean;
  waitMs: number;
  because: 'slot' | 'breaker' | 'held' | null;
  /** Attempts failed since the last success: a success is news */
  isFailing: boolean;
}

/**
 * Reserves the next slot of a webhook when it lies within `withinMs`; the last gate before a request.
 *
 * @param ask.token    names this try, so that the answer can tell whether it won
 * @param ask.succeeded attempts that succeeded and were not counted yet; so a success needs no update of its own
 * @param ask.isManual a person asked for it: it tries the receiver even while the breaker is open
 * @returns granted with the wait until the slot, or refused with the wait until a promised one; 0 while it is held
 */
export async function reserveSlot(
  db: Database,
  ask: { webhookId: WebhookId; token: string; withinMs: number; isManual?: boolean; succeeded?: number },
): Promise<Slot> {
  const isOpen = ask.isManual ? false : { $gt: ['$openUntil', '$$NOW'] };
  const isProbe = { $and: ['$ok', { $gt: ['$openings', 0] }] };
  const pace = await updatePace(db, ask.webhookId, [
    { $set: { at: { $max: ['$$NOW', '$nextAt'] }, shut: { $or: [{ $eq: ['$isHeld', true] }, isOpen] } } },
    { $set: { ok: { $and: [{ $not: '$shut' }, { $lte: ['$at', { $add: ['$$NOW', ask.withinMs] }] }] } } },
    {
      $set: {
        last: { $cond: ['$ok', { token: ask.token, at: '$at' }, '$last'] },
        nextAt: { $cond: ['$ok', { $add: ['$at', GAP] }, '$nextAt'] },
        bounceAt: {
          $cond: [
            { $or: ['$ok', { $eq: ['$isHeld', true] }] },
            '$bounceAt',
            { $add: [{ $max: ['$nextAt', '$bounceAt', '$openUntil'] }, GAP] },
          ],
        },
        counts: countMore({ sent: { $cond: ['$ok', 1, 0] }, succeeded: ask.succeeded ?? 0 }),
        openUntil: { $cond: [isProbe, { $add: ['$$NOW', PROBE_MS] }, '$openUntil'] },
        probe: { $cond: [isProbe, ask.token, '$probe'] },
      },
    },
    { $unset: ['at', 'ok', 'shut'] },
  ]);
  if (!pace) return { isGranted: true, waitMs: 0, because: null, isFailing: false };
  const nowMs = pace.now.getTime();
  const isFailing = Boolean(pace.failing) || (pace.openings ?? 0) > 0;
  if (pace.last?.token === ask.token)
    return { isGranted: true, waitMs: Math.max(0, pace.last.at.getTime() - nowMs), because: null, isFailing };
  if (pace.isHeld) return { isGranted: false, waitMs: 0, because: 'held', isFailing };
  const waitMs = Math.max(0, pace.bounceAt.getTime() - gapMs(pace.limit) - nowMs);
  const isShut = (pace.openUntil?.getTime() ?? 0) > nowMs && !ask.isManual;
  return { isGranted: false, waitMs, because: isShut ? 'breaker' : 'slot', isFailing };
}

/** Lets nothing leave for a webhook until `delayMs` from now, as its receiver asked. */
export async function holdBack(db: Database, webhookId: WebhookId, delayMs: number): Promise<void> {
  await updatePace(db, webhookId, [{ $set: { nextAt: { $max: ['$nextAt', { $add: ['$$NOW', delayMs] }] } } }]);
}
