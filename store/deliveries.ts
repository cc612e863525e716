import { AppError } from '../lib/errors';
import { type Attempt, type DeliveryStatus, FINAL_STATUSES, type StoredDelivery } from '../schemas/delivery';
import type { AccountId, DeliveryId, PositionId, WebhookId } from '../schemas/ids';
import { type Collection, collection, type Database, insertPlain, Mixed, type Session } from './database';

/** In these a delivery has an attempt that has ended. */
const TRIED: readonly DeliveryStatus[] = ['delivered', 'failed', 'waiting-retry'];

/** Only the rows that have such a source are in it: those of maps pay nothing for it. */
const ofSome = (id: string): Collection<StoredDelivery>['indexes'][number] => [
  { accountId: 1, [`source.${id}`]: 1, _id: -1 },
  { partialFilterExpression: { [`source.${id}`]: { $exists: true } } },
];

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
    sourceKey: String,
    status: String,
    class: String,
    responseStatus: Number,
    attempts: Mixed,
    newest: Mixed,
    round: Mixed,
    override: Mixed,
    payload: String,
    nextAttemptAt: Date,
    turnAt: Date,
    sleeps: Number,
    isNewTurn: Boolean,
    waitingFor: String,
    workflowId: String,
    createdAt: Date,
    finishedAt: Date,
    host: String,
    expireAt: Date,
    bodiesExpireAt: Date,
    bodiesRemovedAt: Date,
  },
  indexes: [
    [{ accountId: 1, _id: -1 }],
    [{ accountId: 1, 'source.entryId': 1, _id: -1 }],
    [{ accountId: 1, recordId: 1, _id: -1 }],
    [{ accountId: 1, webhookId: 1, _id: -1 }],
    [{ accountId: 1, host: 1, _id: -1 }],
    [{ accountId: 1, 'source.mapId': 1, _id: -1 }],
    ...(['ruleId', 'formId', 'subscriptionId'] as const).map(ofSome),
    [{ accountId: 1, class: 1, _id: -1 }],
    [{ accountId: 1, status: 1, _id: -1 }],
    // MongoDB removes a row at this time; rows without one are kept, and found by its absence.
    [{ expireAt: 1 }, { expireAfterSeconds: 0 }],
    [{ bodiesExpireAt: 1 }, { sparse: true }],
    [{ webhookId: 1, status: 1, _id: -1 }],
    [{ webhookId: 1, turnAt: 1, _id: 1 }, { partialFilterExpression: { turnAt: { $exists: true } } }],
    // One delivery for what asks for it, however often it asks.
    [{ sourceKey: 1 }, { unique: true, partialFilterExpression: { sourceKey: { $type: 'string' } } }],
    [{ 'source.positionId': 1 }],
  ],
});

/** Inserts a delivery as `queued`, in the transaction of the step that asks for it. @throws a duplicate error when it is there */
export async function insertDelivery(db: Database, session: Session | null, delivery: StoredDelivery): Promise<void> {
  await insertPlain(db, DELIVERIES, [delivery], session);
}

/** The delivery, or null. */
export const findDelivery = async (db: Database, deliveryId: DeliveryId): Promise<StoredDelivery | null> =>
  db.model(DELIVERIES).findById(deliveryId).lean<StoredDelivery>();

/** Id of the delivery that was asked for by this source; null when none was yet. */
export const findOrdered = async (db: Database, sourceKey: string): Promise<DeliveryId | null> =>
  (await db.model(DELIVERIES).findOne({ sourceKey }, { _id: 1 }).lean<Pick<StoredDelivery, '_id'>>())?._id ?? null;

/** The newest delivery of a webhook that was tried and does not wait for its slot again; null when there is none. */
export const findLastTried = async (
  db: Database,
  of: { accountId: AccountId; webhookId: WebhookId },
): Promise<StoredDelivery | null> =>
  db
    .model(DELIVERIES)
    .findOne({ ...of, status: { $in: TRIED } } as object)
    .sort({ _id: -1 })
    .lean<StoredDelivery>();

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

/** Ends the open delivery of a position, because its entry ended first. @returns its attempts; empty when none was open */
export async function cancelDeliveryOf(
  db: Database,
  session: Session,
  of: { positionId: PositionId; workflowId: string; at: Date },
): Promise<Attempt[]> {
  const row = await db
    .model(DELIVERIES)
    .findOneAndUpdate(
      {
        'source.positionId': of.positionId,
        workflowId: of.workflowId, // a replay goes on by itself
        status: { $nin: FINAL_STATUSES },
      } as object,
      {
        $set: { status: 'cancelled', finishedAt: of.at, nextAttemptAt: null, waitingFor: null },
        $unset: { turnAt: '' },
      } as object,
      { session, projection: { attempts: 1 } },
    )
    .lean<Pick<StoredDelivery, 'attempts'>>();
  return row?.attempts ?? [];
}
