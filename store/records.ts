import { now } from '../lib/clock';
import { AppError } from '../lib/errors';
import { newId } from '../lib/ids';
import type { EventCause, Fact, StoredEvent } from '../schemas/event';
import type { FieldValues } from '../schemas/field';
import type { AccountId, RecordId, TagId } from '../schemas/ids';
import type { RecordFacts, StoredRecord } from '../schemas/record';
import { findAccount } from './accounts';
import { collection, type Database, Mixed, type Session } from './database';
import { appendFacts, type FactsAbout } from './events';
import { NUMBER_INDEX, nextNumber } from './numbers';
import { keepSettling, settledByOf } from './settle-record';

export const RECORDS = collection<StoredRecord>({
  name: 'records',
  shape: {
    _id: String,
    accountId: String,
    objectTypeId: Number,
    number: Number,
    fields: Mixed,
    tagIds: [String],
    eventSeq: Number,
    settleSeconds: Number,
    createdAt: Date,
    updatedAt: Date,
  },
  indexes: [
    [{ accountId: 1, objectTypeId: 1, _id: -1 }],
    [{ accountId: 1, _id: -1 }],
    [{ accountId: 1, 'fields.email': 1, _id: -1 }],
    [{ accountId: 1, tagIds: 1, _id: -1 }],
    // Purchases of a contact.
    [{ accountId: 1, 'fields.contact_id': 1 }, { partialFilterExpression: { objectTypeId: 17 } }],
    // Transactions of a contact; tasks about a record.
    [
      { accountId: 1, 'fields.contact_id': 1 },
      { name: 'transactions by contact', partialFilterExpression: { objectTypeId: 46 } },
    ],
    [{ accountId: 1, 'fields.about_record': 1 }, { partialFilterExpression: { objectTypeId: 1 } }],
    [{ 'fields.due_date': 1 }, { partialFilterExpression: { objectTypeId: 1, 'fields.status': 'open' } }],
    NUMBER_INDEX,
  ],
});

type Of = { accountId: AccountId; recordId: RecordId };

/** The record, or null. With a session it is read as of the transaction. */
export const findRecord = async (db: Database, of: Of, session?: Session): Promise<StoredRecord | null> =>
  db
    .model(RECORDS)
    .findOne({ _id: of.recordId, accountId: of.accountId }, null, session ? { session } : {})
    .lean<StoredRecord>();

/** Those of these records that the account has, in one query and no order. With a session as of the transaction. */
export const findRecordsByIds = async (
  db: Database,
  of: { accountId: AccountId; recordIds: readonly RecordId[] },
  session?: Session,
): Promise<Pick<StoredRecord, '_id' | 'objectTypeId' | 'fields'>[]> =>
  of.recordIds.length === 0
    ? []
    : db
        .model(RECORDS)
        .find(
          { _id: { $in: of.recordIds }, accountId: of.accountId } as object,
          { objectTypeId: 1, fields: 1 },
          session ? { session } : {},
        )
        .lean<StoredRecord[]>();

/** @throws AppError `record.not-found` */
export async function getRecord(db: Database, of: Of, session?: Session): Promise<StoredRecord> {
  const record = await findRecord(db, of, session);
  if (!record) throw new AppError('record.not-found');
  return record;
}

/** The oldest record of the type whose field has this value, or null. */
export const findRecordBy = async (
  db: Database,
  session: Session,
  by: { accountId: AccountId; objectTypeId: number; fieldId: string; value: unknown },
): Promise<StoredRecord | null> =>
  db
    .model(RECORDS)
    .findOne(
      { accountId: by.accountId, objectTypeId: by.objectTypeId, [`fields.${by.fieldId}`]: by.value } as object,
      null,
      { session },
    )
    .sort({ _id: 1 })
    .lean<StoredRecord>();

/** Creates a record and its facts in the session's transaction. @param given.hops automations that led here; none unless given */
export async function insertRecord(
  db: Database,
  session: Session,
  given: {
    accountId: AccountId;
    objectTypeId: number;
    fields: FieldValues;
    tagIds: TagId[];
    facts: Fact[];
    hops?: number;
    cause?: EventCause;
  },
): Promise<StoredRecord> {
  const at = now();
  const { facts, hops = 0, cause, ...rest } = given;
  const number = await nextNumber(db, given.accountId, 'records');
  const eventSeq = facts.length;
  const settleSeconds = (await findAccount(db, given.accountId))?.settings.settleSeconds ?? 0;
  const record: StoredRecord = {
    ...rest,
    _id: newId('record'),
    number,
    eventSeq,
    ...(settleSeconds > 0 ? { settleSeconds } : {}),
    createdAt: at,
    updatedAt: at,
  };
  await db.model(RECORDS).create([record], { session });
  const settledBy = settledByOf(record, at);
  const about = { ...record, recordId: record._id, hops, cause, ...(settledBy ? { settledBy } : {}) };
  await appendFacts(db, session, about, facts);
  return record;
}

/** Replaces fields and tags of a record and writes the facts of the change, in the session's transaction. */
export async function replaceRecordFacts(
  db: Database,
  session: Session,
  change: { record: StoredRecord; after: RecordFacts; facts: Fact[]; hops: number; cause?: EventCause },
): Promise<StoredRecord> {
  const { record, after, facts, hops, cause } = change;
  if (facts.length === 0) return record;
  const eventSeq = record.eventSeq + facts.length;
  const set = { fields: after.fields, tagIds: after.tagIds, updatedAt: now(), eventSeq };
  await db.model(RECORDS).updateOne({ _id: record._id }, { $set: set }, { session });
  await keepSettling(db, session, record);
  await appendFacts(db, session, { ...record, recordId: record._id, eventSeq, hops, cause }, facts);
  return { ...record, ...set };
}

/** Deletes a record and writes the fact, in the session's transaction. @throws AppError `record.not-found` */
export async function deleteRecord(db: Database, session: Session, of: Of): Promise<void> {
  const record = await db
    .model(RECORDS)
    .findOneAndDelete({ _id: of.recordId, accountId: of.accountId }, { session })
    .lean<StoredRecord>();
  if (!record) throw new AppError('record.not-found');
  await appendFacts(db, session, { ...record, recordId: record._id, eventSeq: record.eventSeq + 1, hops: 0 }, [
    { type: 'record.deleted', number: record.number },
  ]);
}

/**
 * Writes facts that change nothing in the record, such as custom events.
 *
 * @param of.eventIds one each, when they must be written once
 * @throws AppError `record.not-found`; a duplicate error when an event has one of the ids
 */
export async function appendRecordFacts(
  db: Database,
  session: Session,
  of: Of & Pick<FactsAbout, 'hops' | 'cause' | 'eventIds'> & { facts: Fact[] },
): Promise<StoredEvent[]> {
  const record = await db
    .model(RECORDS)
    .findOneAndUpdate(
      { _id: of.recordId, accountId: of.accountId },
      { $inc: { eventSeq: of.facts.length } },
      { session, returnDocument: 'after' },
    )
    .lean<StoredRecord>();
  if (!record) throw new AppError('record.not-found');
  await keepSettling(db, session, record);
  const { facts, ...about } = of;
  return appendFacts(db, session, { ...record, ...about }, facts);
}
