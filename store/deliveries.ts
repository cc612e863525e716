import { AppError } from '../lib/errors';
import {
  type Attempt,
  type DeliveryStatus,
  FINAL_STATUSES,
  type OutcomeClass,
  type StoredDelivery,
} from '../schemas/delivery';
import type { AccountId, DeliveryId, EntryId, MapId, PositionId, RecordId, WebhookId } from '../schemas/ids';
import type { Page, PageQuery } from '../schemas/page';
import { collection, type Database, Mixed, type Session } from './database';
import { listPage } from './page';

/** The webhook log: one row a delivery, one line an attempt. */
export const DELIVERIES = collection<StoredDelivery>({
  name: 'deliveries',
  shape: {
    _id: String,
    accountId: String,
    webhookId: String,
    recordId: String,
    objectTypeId: Number,
    source: Mixed,
    status: String,
    class: String,
    responseStatus: Number,
    attempts: Mixed,
    newest: Mixed,
    nextAttemptAt: Date,
    workflowId: String,
    createdAt: Date,
    finishedAt: Date,
  },
  indexes: [
    [{ accountId: 1, _id: -1 }],
    [{ accountId: 1, status: 1, _id: -1 }],
    [{ webhookId: 1, status: 1, _id: -1 }],
    [{ recordId: 1, _id: -1 }],
    [{ 'source.entryId': 1, _id: -1 }],
    [{ 'source.mapId': 1, _id: -1 }],
    [{ 'source.positionId': 1, 'source.step': 1 }, { unique: true }],
  ],
});

/** Inserts a delivery as `queued`, in the transaction of the step that asks for it. */
export async function insertDelivery(db: Database, session: Session, delivery: StoredDelivery): Promise<void> {
  await db.model(DELIVERIES).create([delivery], { session });
}

/** The delivery, or null. */
export const findDelivery = async (db: Database, deliveryId: DeliveryId): Promise<StoredDelivery | null> =>
  db.model(DELIVERIES).findById(deliveryId).lean<StoredDelivery>();

/** Where a delivery stands, without its attempts; null when there is none. */
export const findStanding = async (
  db: Database,
  deliveryId: DeliveryId,
): Promise<Pick<StoredDelivery, 'status' | 'newest'> | null> =>
  db.model(DELIVERIES).findById(deliveryId, { status: 1, newest: 1 }).lean<Pick<StoredDelivery, 'status' | 'newest'>>();

/** @throws AppError `delivery.not-found` */
export async function getDelivery(
  db: Database,
  of: { accountId: AccountId; deliveryId: DeliveryId },
): Promise<StoredDelivery> {
  const delivery = await db
    .model(DELIVERIES)
    .findOne({ _id: of.deliveryId, accountId: of.accountId })
    .lean<StoredDelivery>();
  if (!delivery) throw new AppError('delivery.not-found');
  return delivery;
}

/** Order of attempts: the activity's call, then Temporal's attempt, which begins anew with each call. */
export interface AttemptKey {
  call: number;
  attempt: number;
}

/** An attempt that has said it begins: the row, the newest attempt before it, and whether it is the newest now. */
export interface Begun {
  row: StoredDelivery;
  before: AttemptKey;
  isMine: boolean;
}

const isOver = (status: DeliveryStatus): boolean => FINAL_STATUSES.includes(status);
const isNotBefore = (key: AttemptKey, newest: AttemptKey): boolean =>
  key.call > newest.call || (key.call === newest.call && key.attempt >= newest.attempt);

/**
 * Says that an attempt begins, unless a newer one has begun or the delivery is over.
 *
 * @returns null when there is no such delivery
 */
export async function beginAttempt(db: Database, deliveryId: DeliveryId, key: AttemptKey): Promise<Begun | null> {
  const isNewer = {
    $or: [{ 'newest.call': { $lt: key.call } }, { 'newest.call': key.call, 'newest.attempt': { $lte: key.attempt } }],
  };
  const filter = { _id: deliveryId, status: { $nin: FINAL_STATUSES }, ...isNewer } as object;
  const row = await db
    .model(DELIVERIES)
    .findOneAndUpdate(
      filter,
      { $set: { newest: key, status: 'sending', nextAttemptAt: null } },
      { returnDocument: 'before' },
    )
    .lean<StoredDelivery>();
  if (row) return { row, before: row.newest, isMine: true };
  const current = await findDelivery(db, deliveryId);
  return (
    current && {
      row: current,
      before: current.newest,
      isMine: !isOver(current.status) && isNotBefore(key, current.newest),
    }
  );
}

/** Says that a delivery was told to come back for its slot. */
export async function saveWaitingSlot(db: Database, wait: { deliveryId: DeliveryId; until: Date }): Promise<void> {
  const filter = { _id: wait.deliveryId, status: 'sending' as const };
  await db.model(DELIVERIES).updateOne(filter, { $set: { status: 'waiting-slot', nextAttemptAt: wait.until } });
}

/** What an attempt adds to the row: the lines that are missing there, and where the delivery stands now. */
export interface DeliveryProgress {
  deliveryId: DeliveryId;
  attempts: Attempt[];
  status: DeliveryStatus;
  class: OutcomeClass | null;
  responseStatus: number | null;
  nextAttemptAt: Date | null;
  finishedAt: Date | null;
}

/** Adds lines and moves the row on; a row that is over already gets the lines only. */
export async function saveProgress(db: Database, progress: DeliveryProgress): Promise<void> {
  const { deliveryId, attempts, ...state } = progress;
  const open = { $not: [{ $in: ['$status', FINAL_STATUSES] }] };
  const keep = (field: keyof typeof state) => ({ $cond: [open, { $literal: state[field] }, `$${field}`] });
  const known = { $map: { input: '$attempts', in: { c: '$$this.call', a: '$$this.temporalAttempt' } } };
  const isNew = { $not: [{ $in: [{ c: '$$this.call', a: '$$this.temporalAttempt' }, known] }] };
  await db.model(DELIVERIES).collection.updateOne({ _id: deliveryId } as object, [
    {
      $set: {
        status: keep('status'),
        class: keep('class'),
        responseStatus: keep('responseStatus'),
        nextAttemptAt: keep('nextAttemptAt'),
        finishedAt: keep('finishedAt'),
        attempts: {
          $sortArray: {
            input: { $concatArrays: ['$attempts', { $filter: { input: { $literal: attempts }, cond: isNew } }] },
            sortBy: { call: 1, temporalAttempt: 1 },
          },
        },
      },
    },
  ]);
}

/** Ends the open delivery of a position, because its entry ended first. */
export async function cancelDeliveryOf(
  db: Database,
  session: Session,
  of: { positionId: PositionId; at: Date },
): Promise<void> {
  await db
    .model(DELIVERIES)
    .updateMany(
      { 'source.positionId': of.positionId, status: { $nin: FINAL_STATUSES } } as object,
      { $set: { status: 'cancelled', finishedAt: of.at, nextAttemptAt: null } },
      { session },
    );
}

/** Filters of the webhook log; undefined ones do not narrow. */
export interface DeliveryFilter {
  status: DeliveryStatus | undefined;
  class: OutcomeClass | undefined;
  responseStatus: number | undefined;
  webhookId: WebhookId | undefined;
  recordId: RecordId | undefined;
  mapId: MapId | undefined;
  entryId: EntryId | undefined;
}

/** The account's deliveries, newest first. */
export const listDeliveries = (
  db: Database,
  accountId: AccountId,
  filter: DeliveryFilter,
  page: PageQuery,
): Promise<Page<StoredDelivery>> => {
  const { mapId, entryId, ...rest } = filter;
  return listPage(db, DELIVERIES, { accountId, ...rest, 'source.mapId': mapId, 'source.entryId': entryId }, page);
};
