import { now } from '../lib/clock';
import { deriveIdAt } from '../lib/ids';
import type { StoredAccount } from '../schemas/account';
import type { StoredOutgoingMessage } from '../schemas/outgoing-message';
import { type Database, isDuplicate } from '../store/database';
import { appendInboxMessage } from '../store/inbox';
import type { Written } from './write-message';

const KEPT_MS = 7 * 24 * 3600 * 1000;

/** Keeps a message in the account's inbox, once, where nothing else takes it. @throws MongoDB's errors */
export async function keepInInbox(
  db: Database,
  account: StoredAccount,
  of: { row: StoredOutgoingMessage; written: Written; headers: Record<string, string> },
): Promise<void> {
  const { row, written } = of;
  const at = now();
  try {
    await appendInboxMessage(db, {
      _id: deriveIdAt('inboxMessage', row.createdAt, row._id),
      accountId: row.accountId,
      token: account.inboxToken,
      method: row.kind.toUpperCase(),
      path: '',
      headers: {
        ...of.headers,
        to: written.to,
        ...(row.kind === 'email'
          ? { subject: written.subject, 'content-type': `text/${written.format}; charset=utf-8` }
          : {}),
      },
      body: written.body,
      at,
      expireAt: new Date(at.getTime() + KEPT_MS),
    });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}
