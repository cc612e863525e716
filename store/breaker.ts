import type { WebhookId } from '../schemas/ids';
import type { Database } from './database';
import { NEXT, PACES, type Pace, TAKE_BACK, updatePace } from './paces';

/** When the circuit breaker opens, and for how long. Source: docs/delivery.md D15. */
const OPENS = { attempts: 10, failedShare: 0.7, firstMs: 30_000, longestMs: 900_000 };
const COUNTED_MS = 300_000;

/** Numbers, or expressions of the database that give them. */
export interface More {
  sent?: number | object;
  succeeded?: number | object;
  failed?: number | object;
}

/** `counts` with more in the stretch of 10 s that is now; those older than 5 minutes go. */
export function countMore({ sent = 0, succeeded = 0, failed = 0 }: More): object {
  const more = { sent, succeeded, failed };
  const plus = (from: string): object =>
    Object.fromEntries(
      Object.entries(more).map(([what, n]) => [what, { $add: [{ $ifNull: [`${from}.${what}`, 0] }, n] }]),
    );
  const since = { $subtract: ['$$NOW', COUNTED_MS] };
  return {
    $let: {
      vars: {
        recent: { $filter: { input: { $ifNull: ['$counts', []] }, cond: { $gt: ['$$this.at', since] } } },
        bin: { $dateTrunc: { date: '$$NOW', unit: 'second', binSize: 10 } },
      },
      in: {
        $concatArrays: [
          {
            $map: {
              input: '$$recent',
              in: { $cond: [{ $eq: ['$$this.at', '$$bin'] }, { $mergeObjects: ['$$this', plus('$$this')] }, '$$this'] },
            },
          },
          { $cond: [{ $in: ['$$bin', '$$recent.at'] }, [], [{ at: '$$bin', ...more }]] },
        ],
      },
    },
  };
}

/** What the attempts of the last minutes amount to after one more has failed. */
export interface Failing {
  /** Failed attempts since the last success, and since when; `notices`: how often that was told */
  failing: NonNullable<Pace['failing']>;
  /** Set when this failure opened the breaker, or kept it open */
  openUntil: Date | null;
  isFirstOpening: boolean;
}

/** Who waits to be told is told now; where nobody waits nothing changes. */
const SOON = { $cond: [{ $gt: ['$tellAt', null] }, '$$NOW', '$tellAt'] };
const FAILED = { $sum: '$counts.failed' };
/** Attempts that have ended: those under way say nothing yet. */
const ENDED = { $add: [FAILED, { $sum: '$counts.succeeded' }] };

/**
 * Counts a failed attempt, and opens the breaker when too many of the last 5 minutes failed, or when the one request
 * failed that tried whether the receiver is back.
 *
 * @param failure.token       the slot that the attempt had
 * @param failure.succeeded   successes that were not counted yet
 * @param failure.isReceivers the receiver as a whole seems unwell; one that refuses a single request is not
 * @returns null for a webhook without a pace (deleted)
 */
export async function countFailure(
  db: Database,
  failure: { webhookId: WebhookId; token: string; isReceivers: boolean; succeeded: number },
): Promise<Failing | null> {
  const isProbe = { $eq: ['$probe', failure.token] };
  const isTooMany = {
    $and: [
      { $eq: [{ $ifNull: ['$openings', 0] }, 0] },
      { $gte: [ENDED, OPENS.attempts] },
      { $gte: [FAILED, { $multiply: [ENDED, OPENS.failedShare] }] },
    ],
  };
  const openMs = {
    $min: [OPENS.longestMs, { $multiply: [OPENS.firstMs, { $pow: [2, { $ifNull: ['$openings', 0] }] }] }],
  };
  const until = { $add: ['$$NOW', openMs] };
  const pace = await updatePace(db, failure.webhookId, [
    {
      $set: {
        counts: countMore({ failed: failure.isReceivers ? 1 : 0, succeeded: failure.succeeded }),
        failing: {
          count: { $add: [{ $ifNull: ['$failing.count', 0] }, 1] },
          since: { $ifNull: ['$failing.since', '$$NOW'] },
          notices: { $ifNull: ['$failing.notices', 0] },
        },
      },
    },
    { $set: { opens: failure.isReceivers ? { $or: [isProbe, isTooMany] } : false } },
    {
      $set: {
        openUntil: { $cond: ['$opens', until, '$openUntil'] },
        last: { $cond: ['$opens', TAKE_BACK.last, '$last'] },
        takenBack: { $cond: ['$opens', TAKE_BACK.takenBack, '$takenBack'] },
        turnAt: { $cond: ['$opens', { $max: ['$turnAt', until] }, '$turnAt'] },
        bounceAt: { $cond: ['$opens', { $max: ['$nextAt', until] }, '$bounceAt'] },
        counts: { $cond: ['$opens', [], '$counts'] },
        openings: { $cond: ['$opens', { $add: [{ $ifNull: ['$openings', 0] }, 1] }, { $ifNull: ['$openings', 0] }] },
        probe: { $cond: ['$opens', null, '$probe'] },
        openedBy: { $cond: ['$opens', failure.token, '$openedBy'] },
      },
    },
    { $set: { nextAt: { $cond: ['$opens', NEXT.nextAt, '$nextAt'] } } },
    { $unset: 'opens' },
  ]);
  if (!pace?.failing) return null;
  const openUntil = pace.openedBy === failure.token ? (pace.openUntil ?? null) : null;
  return { failing: pace.failing, openUntil, isFirstOpening: openUntil !== null && pace.openings === 1 };
}

/**
 * Lets the next request try at once whether the receiver is back, where the one that tried it has told nothing of it: it
 * was refused for its own sake, or never sent.
 *
 * @param probe.token the slot that the attempt had; of any other than the one that tried it does nothing
 */
export async function freeProbe(db: Database, probe: { webhookId: WebhookId; token: string }): Promise<void> {
  const isTrying = { _id: probe.webhookId, probe: probe.token };
  await db
    .model(PACES)
    .updateOne(isTrying, [{ $set: { probe: null, openUntil: '$$NOW', tellAt: SOON } }], { updatePipeline: true });
}

/** Counts a success after failures: the breaker closes, and nothing of before counts any more. */
export async function countSuccess(db: Database, webhookId: WebhookId): Promise<void> {
  await updatePace(db, webhookId, [
    {
      $set: {
        failing: null,
        openUntil: null,
        openings: 0,
        tellAt: SOON,
        counts: { $cond: [{ $gt: ['$openings', 0] }, [], countMore({ succeeded: 1 })] },
      },
    },
  ]);
}

/** Keeps that a notice was given. @returns false when somebody else gave it */
export async function takeNotice(db: Database, notice: { webhookId: WebhookId; number: number }): Promise<boolean> {
  const isNext = { _id: notice.webhookId, 'failing.notices': { $lt: notice.number } } as object;
  const { modifiedCount } = await db
    .model(PACES)
    .updateOne(isNext, { $set: { 'failing.notices': notice.number } } as object);
  return modifiedCount === 1;
}
