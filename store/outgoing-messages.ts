import { now } from '../lib/clock';
import { RETENTION_DEFAULT } from '../schemas/account';
import type { AccountId, OutgoingMessageId, RecordId } from '../schemas/ids';
import type { OutgoingStatus, StoredOutgoingMessage } from '../schemas/outgoing-message';
import type { Page, PageQuery } from '../schemas/page';
import { findAccount } from './accounts';
import { collection, type Database, Mixed, type Session } from './database';
import { listPage } from './page';

const DAY_MS = 24 * 3600 * 1000;

export const OUTGOING_MESSAGES = collection<StoredOutgoingMessage>({
  name: 'outgoing-messages',
  shape: {
    _id: String,
    accountId: String,
    messageId: String,
    kind: String,
    recordId: String,
    objectTypeId: Number,
    source: Mixed,
    recipient: String,
    status: String,
    attempts: Number,
    written: Mixed,
    way: String,
    deliveryId: String,
    error: String,
    createdAt: Date,
    finishedAt: Date,
    expireAt: Date,
  },
  indexes: [
    [{ accountId: 1, _id: -1 }],
    [{ accountId: 1, status: 1, _id: -1 }],
    [{ accountId: 1, recordId: 1, _id: -1 }],
    [{ expireAt: 1 }, { expireAfterSeconds: 0 }],
  ],
});

/** Queues a message; the pump starts its workflow. */
export async function insertOutgoing(db: Database, session: Session, row: StoredOutgoingMessage): Promise<void> {
  await db.model(OUTGOING_MESSAGES).create([row], { session });
}

/** The outgoing message, or null. */
export const findOutgoing = async (
  db: Database,
  outgoingId: OutgoingMessageId,
): Promise<StoredOutgoingMessage | null> =>
  db.model(OUTGOING_MESSAGES).findById(outgoingId).lean<StoredOutgoingMessage>();

/** Counts an attempt that begins. @returns null when the message is over, or not there (any more) */
export const beginOutgoing = async (
  db: Database,
  outgoingId: OutgoingMessageId,
): Promise<StoredOutgoingMessage | null> =>
  db
    .model(OUTGOING_MESSAGES)
    .findOneAndUpdate({ _id: outgoingId, status: 'queued' }, { $inc: { attempts: 1 } }, { returnDocument: 'after' })
    .lean<StoredOutgoingMessage>();

/** Notes something of a message that is not over. */
export async function saveOutgoing(
  db: Database,
  outgoingId: OutgoingMessageId,
  set: Partial<Pick<StoredOutgoingMessage, 'written' | 'way' | 'deliveryId' | 'error'>>,
): Promise<void> {
  await db.model(OUTGOING_MESSAGES).updateOne({ _id: outgoingId, status: 'queued' }, { $set: set });
}

/** Ends a message that is not over, and says when its row goes. */
export async function endOutgoing(
  db: Database,
  row: Pick<StoredOutgoingMessage, '_id' | 'accountId'>,
  end: { status: Exclude<OutgoingStatus, 'queued'>; error: string | null },
): Promise<void> {
  const { bodyDays } = (await findAccount(db, row.accountId))?.settings.retention ?? RETENTION_DEFAULT;
  const finishedAt = now();
  const expireAt = new Date(finishedAt.getTime() + bodyDays * DAY_MS);
  await db
    .model(OUTGOING_MESSAGES)
    .updateOne({ _id: row._id, status: 'queued' }, { $set: { ...end, finishedAt, expireAt } });
}

/** The account's outgoing messages, newest first. */
export const listOutgoing = (
  db: Database,
  filter: { accountId: AccountId; status: OutgoingStatus | undefined; recordId: RecordId | undefined },
  page: PageQuery,
): Promise<Page<StoredOutgoingMessage>> => listPage(db, OUTGOING_MESSAGES, filter, page);
