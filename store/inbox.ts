import type { AccountId } from '../schemas/ids';
import type { StoredInboxMessage } from '../schemas/inbox';
import type { Page, PageQuery } from '../schemas/page';
import { collection, type Database, Mixed } from './database';
import { listPage } from './page';

export const INBOX = collection<StoredInboxMessage>({
  name: 'inbox',
  shape: {
    _id: String,
    accountId: String,
    token: String,
    method: String,
    path: String,
    headers: Mixed,
    body: String,
    at: Date,
    expireAt: Date,
  },
  indexes: [[{ accountId: 1, _id: -1 }], [{ expireAt: 1 }, { expireAfterSeconds: 0 }]],
});

/** Keeps a request that arrived at the inbox. */
export async function appendInboxMessage(db: Database, message: StoredInboxMessage): Promise<void> {
  await db.model(INBOX).create(message);
}

/** What arrived in the account's inbox, newest first. */
export const listInboxMessages = (
  db: Database,
  accountId: AccountId,
  page: PageQuery,
): Promise<Page<StoredInboxMessage>> => listPage(db, INBOX, { accountId }, page);
