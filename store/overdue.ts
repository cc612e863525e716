import type { DeliveryStatus } from '../schemas/delivery';
import type { AccountId } from '../schemas/ids';
import type { Database } from './database';
import { DELIVERIES } from './deliveries';
import { PACES } from './paces';
import { FAR_MS } from './turns';

/** What waits and is not held. */
const AWAITED: readonly DeliveryStatus[] = ['queued', 'waiting-slot', 'waiting-retry'];
const LATE_MS = 120_000;
const LOOKED_AT_MAX = 10_000;

/**
 * How many deliveries are more than 2 minutes past their turn although nothing holds them back: their webhook is neither
 * paused nor is its circuit breaker open, and it has not just been busy with others at its limit. Of the oldest 10,000
 * that wait.
 *
 * @source docs/rate.md
 */
export async function countOverdue(db: Database, accountId: AccountId): Promise<number> {
  const late = { $subtract: ['$$NOW', LATE_MS] };
  const isPast = (field: string | object) => ({ $lt: [field, late] });
  const isAsleep = { $gt: ['$turnAt', null] };
  // A turn that nobody has to be told of is at most so far from its beginning; when a replay began is not kept.
  const isPastTurn = {
    $and: [{ $eq: [{ $ifNull: ['$round.number', 0] }, 0] }, isPast({ $add: ['$createdAt', FAR_MS] })],
  };
  const isDue = { $cond: [{ $gt: ['$nextAttemptAt', null] }, isPast('$nextAttemptAt'), isPastTurn] };
  const lastStir = { $max: ['$pace.last.at', '$pace.toldAt', '$pace.openUntil', '$pace.askedUntil', new Date(0)] };
  const isUntold = { $and: [isPast('$pace.tellAt'), { $gt: ['$pace.tellAt', null] }] };
  const [found] = await db
    .model(DELIVERIES)
    .collection.aggregate<{ count: number }>([
      { $match: { accountId, status: { $in: AWAITED } } },
      { $sort: { _id: 1 } },
      { $limit: LOOKED_AT_MAX },
      { $project: { webhookId: 1, isAsleep, isDue } },
      { $match: { $or: [{ isAsleep: true }, { isDue: true }] } },
      { $group: { _id: { webhookId: '$webhookId', isAsleep: '$isAsleep' }, count: { $sum: 1 } } },
      { $lookup: { from: PACES.name, localField: '_id.webhookId', foreignField: '_id', as: 'pace' } },
      { $unwind: '$pace' },
      {
        $match: {
          'pace.isHeld': { $ne: true },
          $expr: { $and: [isPast(lastStir), { $cond: ['$_id.isAsleep', isUntold, true] }] },
        },
      },
      { $group: { _id: null, count: { $sum: '$count' } } },
    ])
    .toArray();
  return found?.count ?? 0;
}
