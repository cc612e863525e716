import type { KeyId } from '../schemas/ids';
import { collection, type Database, Mixed } from './database';

/** Calls of a key by the second: of the last 61 s, so that no 60 s hold more than the limit. */
interface ApiCalls {
  _id: KeyId;
  seconds: { second: number; calls: number }[];
  isGranted: boolean;
  expireAt: Date;
}

export const API_CALLS = collection<ApiCalls>({
  name: 'api-calls',
  shape: { _id: String, seconds: Mixed, isGranted: Boolean, expireAt: Date },
  indexes: [[{ expireAt: 1 }, { expireAfterSeconds: 0 }]],
});

const WINDOW_SECONDS = 61;
const KEPT_MS = 120_000;
const SECOND = { $floor: { $divide: [{ $toLong: '$$NOW' }, 1000] } };
const callsWhere = (input: unknown, condition: unknown) => ({
  $sum: { $map: { input: { $filter: { input, cond: condition } }, in: '$$this.calls' } },
});

/** Where a key stands after a call. */
export interface CallCount {
  isGranted: boolean;
  /** Calls left now */
  remaining: number;
  /** Whole seconds until the oldest counted call is forgotten, 1..61 */
  resetSeconds: number;
}

/**
 * Counts a call of a key, by MongoDB's clock and over all processes; refused calls are not counted.
 *
 * @param of.limit calls that any 60 s may hold
 */
export async function countCall(db: Database, of: { keyId: KeyId; limit: number }): Promise<CallCount> {
  const kept = { $filter: { input: { $ifNull: ['$seconds', []] }, cond: { $gt: ['$$this.second', '$from'] } } };
  const more = { $cond: ['$isGranted', 1, 0] };
  const latest = { $add: [callsWhere('$seconds', { $eq: ['$$this.second', '$second'] }), more] };
  const stages = [
    { $set: { second: SECOND, from: { $subtract: [SECOND, WINDOW_SECONDS] } } },
    { $set: { seconds: kept } },
    { $set: { isGranted: { $lt: [{ $sum: '$seconds.calls' }, of.limit] } } },
    {
      $set: {
        seconds: {
          $concatArrays: [
            { $filter: { input: '$seconds', cond: { $lt: ['$$this.second', '$second'] } } },
            [{ second: '$second', calls: latest }],
          ],
        },
        expireAt: { $add: ['$$NOW', KEPT_MS] },
      },
    },
    { $unset: ['second', 'from'] },
  ];
  const counted = (await db.model(API_CALLS).collection.findOneAndUpdate({ _id: of.keyId } as object, stages, {
    upsert: true,
    returnDocument: 'after',
  })) as unknown as ApiCalls;
  const used = counted.seconds.filter(({ calls }) => calls > 0);
  const newest = counted.seconds.at(-1)?.second ?? 0;
  return {
    isGranted: counted.isGranted,
    remaining: Math.max(0, of.limit - used.reduce((sum, { calls }) => sum + calls, 0)),
    resetSeconds: Math.max(1, (used[0]?.second ?? newest) + WINDOW_SECONDS - newest),
  };
}
