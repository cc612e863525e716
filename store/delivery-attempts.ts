import { hostOf } from '../lib/host-of';
import {
  type Attempt,
  type DeliveryStatus,
  FINAL_STATUSES,
  type OutcomeClass,
  type StoredDelivery,
} from '../schemas/delivery';
import type { DeliveryId } from '../schemas/ids';
import type { Mapped } from '../schemas/response-mapping';
import type { Database, Session } from './database';
import { DELIVERIES, findDelivery } from './deliveries';
import { ONE_MORE_SLEEP } from './turns';

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

/** Whether an attempt has nothing more to do: the delivery is over, or a newer attempt has begun. */
export const isOvertaken = ({ status, newest }: Pick<StoredDelivery, 'status' | 'newest'>, key: AttemptKey): boolean =>
  isOver(status) || !isNotBefore(key, newest);

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
      {
        $set: { newest: key, status: 'sending', nextAttemptAt: null, waitingFor: null },
        $unset: { turnAt: '' },
      } as object,
      { returnDocument: 'before' },
    )
    .lean<StoredDelivery>();
  if (row) return { row, before: row.newest, isMine: true };
  const current = await findDelivery(db, deliveryId);
  return (
    current && {
      row: current,
      before: current.newest,
      isMine: !isOvertaken(current, key),
    }
  );
}

/** Why a delivery waits, and until when; null: until it is told. */
export interface Wait {
  deliveryId: DeliveryId;
  status: 'waiting-slot' | 'held';
  until: Date | null;
  waitingFor: string;
}

/** Says that a delivery was told to come back, unless a newer attempt has begun. */
export async function saveWaiting(db: Database, wait: Wait & { by: AttemptKey }): Promise<void> {
  await save(db, wait, { status: 'sending', newest: wait.by });
}

/**
 * Says what a delivery waits for whose next call was not even made. An attempt of an earlier call may have left it as
 * `sending`, and wake late: from now on it is the older one. A delivery that is over is left alone.
 *
 * @param wait.call the number of the call that was not made
 */
export async function saveShut(db: Database, wait: Wait & { call: number }): Promise<void> {
  const open = { status: { $nin: FINAL_STATUSES }, 'newest.call': { $lte: wait.call } };
  await save(db, wait, open, { newest: { $literal: { call: wait.call, attempt: 0 } } });
}

async function save(db: Database, wait: Wait, whose: object, more: object = {}): Promise<void> {
  const { deliveryId, status, until, waitingFor } = wait;
  // Who was there first is told first.
  const sleep = until ? { turnAt: '$$REMOVE' } : { turnAt: '$createdAt', sleeps: ONE_MORE_SLEEP };
  const update = [{ $set: { status, nextAttemptAt: until, waitingFor: { $literal: waitingFor }, ...sleep, ...more } }];
  await db.model(DELIVERIES).updateOne({ _id: deliveryId, ...whose } as object, update, { updatePipeline: true });
}

/** What an attempt adds to the row: the lines that are missing there, and where the delivery stands now. */
export interface DeliveryProgress {
  deliveryId: DeliveryId;
  /** The attempt that tells, or the workflow, which knows the end of its own round */
  by: AttemptKey | { workflowId: string };
  attempts: Attempt[];
  status: DeliveryStatus;
  class: OutcomeClass | null;
  responseStatus: number | null;
  nextAttemptAt: Date | null;
  finishedAt: Date | null;
  /** What it waits for, as a sentence */
  waitingFor: string | null;
}

/**
 * Adds lines and moves the row on. A row that is over already gets the lines only; so does one on which a newer attempt
 * has begun, unless the older one has delivered: it may wake late, and must not stop the newer. What a workflow tells of the
 * end does not move a replay that was begun since.
 */
export async function saveProgress(db: Database, progress: DeliveryProgress): Promise<void> {
  const { deliveryId, by, attempts, ...state } = progress;
  const host = hostOf(attempts.findLast(({ request }) => request)?.request?.url ?? '');
  const isOpen = { $not: [{ $in: ['$status', FINAL_STATUSES] }] };
  const isMoved = { $and: [isOpen, isCurrent(by, state.status === 'delivered')] };
  const keep = (field: keyof typeof state) => ({ $cond: [isMoved, { $literal: state[field] }, `$${field}`] });
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
        waitingFor: keep('waitingFor'),
        turnAt: { $cond: [isMoved, '$$REMOVE', '$turnAt'] },
        ...(host === null ? {} : { host: { $literal: host } }),
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

/** Whether who tells may move the row, as the database computes it. */
function isCurrent(by: DeliveryProgress['by'], isDelivered: boolean): unknown {
  if ('workflowId' in by) return { $eq: ['$workflowId', { $literal: by.workflowId }] };
  return isDelivered || { $lte: [['$newest.call', '$newest.attempt'], { $literal: [by.call, by.attempt] }] };
}

/** What the answer of a delivered delivery was mapped to, as of the transaction; null when nothing was. */
export async function findMapped(db: Database, session: Session, deliveryId: DeliveryId): Promise<Mapped | null> {
  const row = await db
    .model(DELIVERIES)
    .findById(deliveryId, { 'attempts.class': 1, 'attempts.mapped': 1 }, { session })
    .lean<{ attempts: Pick<Attempt, 'class' | 'mapped'>[] }>();
  return row?.attempts.findLast((attempt) => attempt.class === 'success')?.mapped ?? null;
}
