import { now } from '../lib/clock';
import { AppError } from '../lib/errors';
import { newId, partitionOf } from '../lib/ids';
import type { EventCause, EventStatus, Fact, StoredEvent } from '../schemas/event';
import type { AccountId, EventId, RecordId } from '../schemas/ids';
import type { Page, PageQuery } from '../schemas/page';
import { collection, type Database, insertPlain, Mixed, type Session } from './database';
import { countEmailDeeds } from './email-deeds';
import { listPage } from './page';

const KEPT_SECONDS = 30 * 24 * 3600;

export const EVENTS = collection<StoredEvent>({
  name: 'events',
  shape: {
    _id: String,
    accountId: String,
    objectTypeId: Number,
    recordId: String,
    seq: Number,
    partition: Number,
    fact: Mixed,
    hops: Number,
    cause: Mixed,
    at: Date,
    status: String,
    tries: Number,
    retryAt: Date,
    error: String,
    settledAt: Date,
  },
  indexes: [
    [{ partition: 1, _id: 1 }, { partialFilterExpression: { status: 'pending' } }],
    [{ recordId: 1, _id: -1 }],
    [{ accountId: 1, status: 1, _id: -1 }],
    [{ accountId: 1, _id: -1 }],
    [{ settledAt: 1 }, { expireAfterSeconds: KEPT_SECONDS }],
  ],
});

/** Whom facts are about, and the last number given out for it. */
export interface FactsAbout {
  accountId: AccountId;
  objectTypeId: number;
  recordId: RecordId;
  /** `eventSeq` of the record after it was raised by the number of facts */
  eventSeq: number;
  /** Automations that led here */
  hops: number;
  /** The last of them, where one did */
  cause?: EventCause | undefined;
  /** Of facts that must be written once: their ids, one each */
  eventIds?: readonly EventId[];
  /** The first fact, and with it all later ones of the record, are not handled before */
  settledBy?: Date;
}

/**
 * Writes facts as pending events, in the transaction of the change they tell of.
 *
 * @param facts in the order in which they are to be handled; may be empty
 * @throws a duplicate error when an event has one of the ids given
 */
export async function appendFacts(
  db: Database,
  session: Session | null,
  about: FactsAbout,
  facts: Fact[],
): Promise<StoredEvent[]> {
  if (facts.length === 0) return [];
  const at = now();
  const events = facts.map(
    (fact, index): StoredEvent => ({
      _id: about.eventIds?.[index] ?? newId('event'),
      accountId: about.accountId,
      objectTypeId: about.objectTypeId,
      recordId: about.recordId,
      seq: about.eventSeq - facts.length + index + 1,
      partition: partitionOf(about.recordId),
      fact,
      hops: about.hops,
      ...(about.cause ? { cause: about.cause } : {}),
      at,
      status: 'pending',
      tries: 0,
      retryAt: (index === 0 && about.settledBy) || null,
      error: null,
      settledAt: null,
    }),
  );
  await insertPlain(db, EVENTS, events, session);
  await countEmailDeeds(db, session, { ...about, facts });
  return events;
}

/** Those of these ids that events have. */
export const findEventIds = async (db: Database, ids: readonly EventId[]): Promise<EventId[]> =>
  ids.length === 0 ? [] : db.model(EVENTS).distinct('_id', { _id: { $in: ids } } as object);

/** Pending events of these partitions, oldest first, after the given id. @returns at most `limit` */
export const findPending = async (
  db: Database,
  from: { partitions: number[]; after?: EventId; limit: number },
): Promise<StoredEvent[]> =>
  db
    .model(EVENTS)
    .find({
      status: 'pending',
      partition: { $in: from.partitions },
      ...(from.after ? { _id: { $gt: from.after } } : {}),
    })
    .sort({ _id: 1 })
    .limit(from.limit)
    .lean<StoredEvent[]>();

/** All pending events of these records. */
export const findPendingOf = async (db: Database, recordIds: RecordId[]): Promise<StoredEvent[]> =>
  db
    .model(EVENTS)
    .find({ recordId: { $in: recordIds }, status: 'pending' })
    .lean<StoredEvent[]>();

/** Marks events as handled. */
export async function settleEvents(db: Database, ids: EventId[]): Promise<void> {
  if (ids.length > 0)
    await db
      .model(EVENTS)
      .updateMany({ _id: { $in: ids } }, { $set: { status: 'settled', settledAt: now(), error: null } });
}

/** Puts an event back to be handled later, with the error of this try. */
export async function postponeEvent(
  db: Database,
  event: { eventId: EventId; error: string; retryAt: Date },
): Promise<void> {
  await db
    .model(EVENTS)
    .updateOne(
      { _id: event.eventId, status: 'pending' },
      { $set: { retryAt: event.retryAt, error: event.error }, $inc: { tries: 1 } },
    );
}

/** Sets an event aside for a person; the record's later events go on. */
export async function parkEvent(db: Database, event: { eventId: EventId; error: string }): Promise<void> {
  await db
    .model(EVENTS)
    .updateOne(
      { _id: event.eventId, status: 'pending' },
      { $set: { status: 'parked', error: event.error }, $inc: { tries: 1 } },
    );
}

/** Makes a parked event pending again. @throws AppError `event.not-found`, `event.not-parked` */
export async function retryEvent(
  db: Database,
  session: Session,
  of: { accountId: AccountId; eventId: EventId },
): Promise<StoredEvent> {
  const event = await db
    .model(EVENTS)
    .findOneAndUpdate(
      { _id: of.eventId, accountId: of.accountId, status: 'parked' },
      { $set: { status: 'pending', tries: 0, retryAt: null } },
      { session, returnDocument: 'after' },
    )
    .lean<StoredEvent>();
  if (event) return event;
  await getEvent(db, of);
  throw new AppError('event.not-parked');
}

/** @throws AppError `event.not-found` */
export async function getEvent(db: Database, of: { accountId: AccountId; eventId: EventId }): Promise<StoredEvent> {
  const event = await db.model(EVENTS).findOne({ _id: of.eventId, accountId: of.accountId }).lean<StoredEvent>();
  if (!event) throw new AppError('event.not-found');
  return event;
}

/** The account's events, newest first. */
export const listEvents = (
  db: Database,
  filter: { accountId: AccountId; recordId: RecordId | undefined; status: EventStatus | undefined },
  page: PageQuery,
): Promise<Page<StoredEvent>> => listPage(db, EVENTS, filter, page);

const COUNTED_MAX = 10_000;

/** How many events of the account stand there. @returns at most 10,000 */
export const countEvents = async (db: Database, of: { accountId: AccountId; status: EventStatus }): Promise<number> =>
  db.model(EVENTS).countDocuments(of, { limit: COUNTED_MAX });
