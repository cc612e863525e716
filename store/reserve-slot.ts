import { AppError } from '../lib/errors';
import type { WebhookId } from '../schemas/ids';
import { countMore } from './breaker';
import type { Database } from './database';
import { GAP, gapMs, NEXT, PACES, type Pace, TAKE_BACK, updatePace } from './paces';

/** Others wait this long for the one request that tries whether the receiver is back: longer than a request can take. */
export const PROBE_MS = 45_000;

/** A slot: send after `waitMs`; or come back after `waitMs` and ask again, for the reason said. */
export interface Slot {
  isGranted: boolean;
  waitMs: number;
  because: 'slot' | 'breaker' | 'held' | null;
  /** How often slots of the webhook had been taken back by then */
  takenBack: number;
  /** Attempts failed since the last success: a success is news */
  isFailing: boolean;
}

/**
 * Reserves the next slot of a webhook when it lies within `withinMs`; the last gate before a request.
 *
 * @param ask.token    names this try, so that the answer can tell whether it won
 * @param ask.succeeded attempts that succeeded and were not counted yet; so a success needs no update of its own
 * @param ask.missed   an earlier try of the same attempt, whose slot has gone by unused: while nobody has a later slot, its slot is
 *                     now, and leaves no hole
 * @param ask.isManual a person asked for it: it tries the receiver even while the breaker is open
 * @returns granted with the wait until the slot, or refused with the wait until a promised one; none is promised while it is
 *          held or the breaker is open
 * @throws AppError `webhook.not-found` when it was deleted: nothing may leave for it any more
 */
export async function reserveSlot(
  db: Database,
  ask: {
    webhookId: WebhookId;
    token: string;
    withinMs: number;
    missed?: string | null;
    isManual?: boolean;
    succeeded?: number;
  },
): Promise<Slot> {
  const missed = ask.missed ?? null;
  const isOwn = (token: string): object => ({ $and: [missed !== null, { $eq: [token, missed] }] });
  // Who tries whether the receiver is back still does.
  const isOpen = { $and: [{ $gt: ['$openUntil', '$$NOW'] }, { $not: isOwn('$probe') }] };
  // A person's request during an opening tries nothing for the others: only its success counts.
  const isProbe = { $and: ['$ok', { $gt: ['$openings', 0] }, { $not: isOpen }] };
  const pace = await updatePace(db, ask.webhookId, [
    {
      $set: {
        isLast: isOwn('$last.token'),
        at: { $max: ['$$NOW', { $cond: [isOwn('$last.token'), { $max: ['$last.at', '$askedUntil'] }, '$nextAt'] }] },
        shut: { $or: [{ $eq: ['$isHeld', true] }, ask.isManual ? false : isOpen] },
      },
    },
    { $set: { ok: { $and: [{ $not: '$shut' }, { $lte: ['$at', { $add: ['$$NOW', ask.withinMs] }] }] } } },
    {
      $set: {
        last: { $cond: ['$ok', { token: ask.token, at: '$at' }, '$last'] },
        nextAt: { $cond: ['$ok', { $add: ['$at', GAP] }, '$nextAt'] },
        bounceAt: {
          $cond: [{ $or: ['$ok', '$shut'] }, '$bounceAt', { $add: [{ $max: ['$nextAt', '$bounceAt'] }, GAP] }],
        },
        counts: countMore({
          sent: { $cond: [{ $and: ['$ok', { $not: '$isLast' }] }, 1, 0] },
          succeeded: ask.succeeded ?? 0,
        }),
        openUntil: { $cond: [isProbe, { $add: ['$$NOW', PROBE_MS] }, '$openUntil'] },
        probe: { $cond: [isProbe, ask.token, '$probe'] },
      },
    },
    { $unset: ['at', 'ok', 'shut', 'isLast'] },
  ]);
  if (!pace) throw new AppError('webhook.not-found');
  const nowMs = pace.now.getTime();
  const known = {
    takenBack: pace.takenBack ?? 0,
    isFailing: Boolean(pace.failing) || (pace.openings ?? 0) > 0,
  };
  if (pace.last?.token === ask.token)
    return { isGranted: true, waitMs: Math.max(0, pace.last.at.getTime() - nowMs), because: null, ...known };
  if (pace.isHeld) return { isGranted: false, waitMs: 0, because: 'held', ...known };
  if ((pace.openUntil?.getTime() ?? 0) > nowMs && !ask.isManual)
    return { isGranted: false, waitMs: 0, because: 'breaker', ...known };
  const waitMs = Math.max(0, pace.bounceAt.getTime() - gapMs(pace.limit) - nowMs);
  return { isGranted: false, waitMs, because: 'slot', ...known };
}

/**
 * Whether a slot that was waited for is still the one's who reserved it.
 *
 * @param slot.takenBack as the reservation said
 * @returns false when it was taken back: the limit was lowered, the receiver asked for a wait, the webhook was paused, or its
 *          circuit breaker opened
 */
export async function isStillReserved(
  db: Database,
  slot: { webhookId: WebhookId; takenBack: number },
): Promise<boolean> {
  const pace = await db.model(PACES).findById(slot.webhookId, { takenBack: 1 }).lean<Pick<Pace, 'takenBack'>>();
  return (pace?.takenBack ?? 0) === slot.takenBack;
}

/** Lets nothing leave for a webhook until `delayMs` from now, as its receiver asked; slots that are reserved are taken back. */
export async function holdBack(db: Database, webhookId: WebhookId, delayMs: number): Promise<void> {
  const askedUntil = { $max: ['$askedUntil', { $add: ['$$NOW', delayMs] }] };
  await updatePace(db, webhookId, [{ $set: { askedUntil, ...TAKE_BACK } }, { $set: NEXT }]);
}
