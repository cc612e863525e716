import { AppError } from '../lib/errors';
import { deliveryWorkflowIdOf } from '../lib/ids';
import { FINAL_STATUSES, type RequestOverride, type StoredDelivery } from '../schemas/delivery';
import type { AccountId, DeliveryId } from '../schemas/ids';
import type { Database, Session } from './database';
import { DELIVERIES } from './deliveries';
import { appendRecordFacts } from './records';

/**
 * Begins another round of a delivery that is over: the row, and the fact by which the pump starts it. The id stays.
 *
 * @param ask.override a request that a person wrote; undefined keeps what there is
 * @throws AppError `delivery.not-found`, `delivery.open`; `record.not-found` when its record is gone
 */
export async function replayDelivery(
  db: Database,
  session: Session,
  ask: { accountId: AccountId; deliveryId: DeliveryId; override?: RequestOverride },
): Promise<StoredDelivery> {
  const { accountId, deliveryId, override } = ask;
  const row = await db
    .model(DELIVERIES)
    .findOne({ _id: deliveryId, accountId }, null, { session })
    .lean<StoredDelivery>();
  if (!row) throw new AppError('delivery.not-found');
  if (!FINAL_STATUSES.includes(row.status)) throw new AppError('delivery.open');
  const number = (row.round?.number ?? 0) + 1;
  const set = {
    status: 'queued' as const,
    round: { number, firstCall: row.newest.call + 1 },
    workflowId: deliveryWorkflowIdOf(deliveryId, number),
    waitingFor: 'Its turn.',
    nextAttemptAt: null,
    finishedAt: null,
    ...(override ? { override } : {}),
  };
  const $unset = { expireAt: 1, bodiesExpireAt: 1 };
  await db.model(DELIVERIES).updateOne({ _id: deliveryId }, { $set: set, $unset }, { session });
  const facts = [{ type: 'delivery.requested' as const, deliveryId }];
  await appendRecordFacts(db, session, { accountId, recordId: row.recordId, facts, hops: 0 });
  return { ...row, ...set };
}

/** Lets the next attempts of a delivery send a request that a person wrote. @throws AppError `delivery.not-found` */
export async function saveOverride(
  db: Database,
  session: Session,
  edit: { accountId: AccountId; deliveryId: DeliveryId; override: RequestOverride },
): Promise<void> {
  const { accountId, deliveryId, override } = edit;
  const { matchedCount } = await db
    .model(DELIVERIES)
    .updateOne({ _id: deliveryId, accountId }, { $set: { override } }, { session });
  if (matchedCount === 0) throw new AppError('delivery.not-found');
}

/** Takes back a request that a person wrote and that nobody will send, unless another was written since. @throws never */
export async function restoreOverride(
  db: Database,
  session: Session,
  edit: { accountId: AccountId; deliveryId: DeliveryId; written: RequestOverride; before: RequestOverride | null },
): Promise<void> {
  const { accountId, deliveryId, written, before } = edit;
  const { url, body } = written;
  const filter = { _id: deliveryId, accountId, override: { url, body } };
  await db.model(DELIVERIES).updateOne(filter, { $set: { override: before } }, { session });
}
