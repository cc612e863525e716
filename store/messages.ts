import { now } from '../lib/clock';
import { AppError } from '../lib/errors';
import { newId } from '../lib/ids';
import type { AccountId, MessageId } from '../schemas/ids';
import type { MessageSettings, StoredMessage } from '../schemas/message';
import type { Page, PageQuery } from '../schemas/page';
import { collection, type Database, Mixed, type Session } from './database';
import { NUMBER_INDEX, nextNumber } from './numbers';
import { listPage } from './page';

export const MESSAGES = collection<StoredMessage>({
  name: 'messages',
  shape: {
    _id: String,
    accountId: String,
    number: Number,
    settings: Mixed,
    createdAt: Date,
    updatedAt: Date,
  },
  indexes: [[{ accountId: 1, _id: -1 }], NUMBER_INDEX],
});

type Of = { accountId: AccountId; messageId: MessageId };

/** Creates a message. */
export async function insertMessage(
  db: Database,
  session: Session,
  given: { accountId: AccountId; settings: MessageSettings },
): Promise<StoredMessage> {
  const at = now();
  const number = await nextNumber(db, given.accountId, 'messages');
  const message: StoredMessage = { ...given, _id: newId('message'), number, createdAt: at, updatedAt: at };
  await db.model(MESSAGES).create([message], { session });
  return message;
}

/** The message, or null. */
export const findMessage = async (db: Database, of: Of, session?: Session): Promise<StoredMessage | null> =>
  db
    .model(MESSAGES)
    .findOne({ _id: of.messageId, accountId: of.accountId }, null, session ? { session } : {})
    .lean<StoredMessage>();

/** The messages with these ids that exist in the account. */
export const findMessages = async (
  db: Database,
  accountId: AccountId,
  ids: readonly MessageId[],
  session?: Session,
): Promise<StoredMessage[]> =>
  ids.length === 0
    ? []
    : db
        .model(MESSAGES)
        .find({ accountId, _id: { $in: ids } } as object, null, session ? { session } : {})
        .lean<StoredMessage[]>();

/** @throws AppError `message.not-found` */
export async function getMessage(db: Database, of: Of, session?: Session): Promise<StoredMessage> {
  const message = await findMessage(db, of, session);
  if (!message) throw new AppError('message.not-found');
  return message;
}

/** Replaces the settings; what is not sent yet is sent as they are then. @throws AppError `message.not-found` */
export async function saveMessage(
  db: Database,
  session: Session,
  edit: Of & { settings: MessageSettings },
): Promise<StoredMessage> {
  const message = await db
    .model(MESSAGES)
    .findOneAndUpdate(
      { _id: edit.messageId, accountId: edit.accountId },
      { $set: { settings: edit.settings, updatedAt: now() } },
      { session, returnDocument: 'after' },
    )
    .lean<StoredMessage>();
  if (!message) throw new AppError('message.not-found');
  return message;
}

/** Deletes a message; what was sent stays listed. @throws AppError `message.not-found` */
export async function deleteMessage(db: Database, session: Session, of: Of): Promise<void> {
  const { deletedCount } = await db
    .model(MESSAGES)
    .deleteOne({ _id: of.messageId, accountId: of.accountId }, { session });
  if (deletedCount === 0) throw new AppError('message.not-found');
}

/** The account's messages, newest first. */
export const listMessages = (db: Database, accountId: AccountId, page: PageQuery): Promise<Page<StoredMessage>> =>
  listPage(db, MESSAGES, { accountId }, page);
