import type mongoose from 'mongoose';
import type { Retention } from '../schemas/account';
import { FINAL_STATUSES, type StoredDelivery } from '../schemas/delivery';
import type { AccountId, DeliveryId } from '../schemas/ids';
import type { Database } from './database';
import { DELIVERIES } from './deliveries';

const DAY_MS = 24 * 3600 * 1000;

type Filter = mongoose.QueryFilter<StoredDelivery>;
type Ended = Pick<StoredDelivery, '_id' | 'accountId'>;

/**
 * Rows that are over and don't know yet when they go, of all accounts.
 *
 * @param limit most rows of the answer; they leave the set when `saveExpiry` is told of them
 */
export const findUncounted = async (db: Database, limit: number): Promise<Ended[]> =>
  db
    .model(DELIVERIES)
    // The absence is in the index of `expireAt`: what is read is what ended since the last time, and what is open.
    .find({ expireAt: null, status: { $in: FINAL_STATUSES }, finishedAt: { $type: 'date' } } as Filter, {
      _id: 1,
      accountId: 1,
    })
    .limit(limit)
    .lean<Ended[]>();

/** Lets rows that are over go so many days after their end, and their bodies before. */
export async function saveExpiry(
  db: Database,
  accountId: AccountId,
  of: { ids: DeliveryId[]; retention: Retention },
): Promise<void> {
  const after = (days: number) => ({ $add: ['$finishedAt', days * DAY_MS] });
  // A row that was opened again after its bodies went has new ones.
  const hasBodies = { $lt: [{ $ifNull: ['$bodiesRemovedAt', null] }, '$finishedAt'] };
  await db
    .model(DELIVERIES)
    .collection.updateMany(
      { accountId, _id: { $in: of.ids }, status: { $in: FINAL_STATUSES }, finishedAt: { $type: 'date' } } as object,
      [
        {
          $set: {
            expireAt: after(of.retention.rowDays),
            bodiesExpireAt: { $cond: [hasBodies, after(of.retention.bodyDays), '$$REMOVE'] },
          },
        },
      ],
    );
}

/** Ids of an account's rows that know when they go, a page at a time by id. @param after the last id of the page before */
export async function findCounted(
  db: Database,
  accountId: AccountId,
  page: { after: DeliveryId | undefined; limit: number },
): Promise<DeliveryId[]> {
  const range = page.after ? { _id: { $gt: page.after } } : {};
  const rows = await db
    .model(DELIVERIES)
    .find({ accountId, ...range, expireAt: { $type: 'date' } } as Filter, { _id: 1 })
    .sort({ _id: 1 })
    .limit(page.limit)
    .lean<Pick<StoredDelivery, '_id'>[]>();
  return rows.map(({ _id }) => _id);
}

/**
 * Empties bodies and headers whose time has come, of all accounts; URLs, codes and times stay.
 *
 * @param limit most rows of this call
 * @returns how many rows it emptied
 */
export async function removeBodies(db: Database, at: Date, limit: number): Promise<number> {
  const model = db.model(DELIVERIES);
  const due = { bodiesExpireAt: { $lte: at }, status: { $in: FINAL_STATUSES } } as Filter;
  const rows = await model.find(due, { _id: 1 }).limit(limit).lean<Pick<StoredDelivery, '_id'>[]>();
  if (rows.length === 0) return 0;
  const emptied = (part: string) => ({
    $cond: [
      { $eq: [{ $type: `$$this.${part}` }, 'object'] },
      { $mergeObjects: [`$$this.${part}`, { $literal: { headers: {}, body: '' } }] },
      null,
    ],
  });
  // What was mapped from an answer was in its body.
  const mapped = { $cond: [{ $eq: [{ $type: '$$this.mapped' }, 'missing'] }, '$$REMOVE', null] };
  const line = { $mergeObjects: ['$$this', { request: emptied('request'), response: emptied('response'), mapped }] };
  await model.collection.updateMany({ ...due, _id: { $in: rows.map(({ _id }) => _id) } } as object, [
    {
      $set: {
        attempts: { $map: { input: '$attempts', in: line } },
        payload: null,
        bodiesRemovedAt: { $literal: at },
        bodiesExpireAt: '$$REMOVE',
      },
    },
  ]);
  return rows.length;
}

/** Rows that were opened again, as by a replay, stay until they are over again. @param before those that would go by then */
export async function keepReopened(db: Database, before: Date): Promise<void> {
  await db.model(DELIVERIES).updateMany({ expireAt: { $lte: before }, status: { $nin: FINAL_STATUSES } } as Filter, {
    $unset: { expireAt: 1, bodiesExpireAt: 1 },
  });
}
