import { now } from '../lib/clock';
import { newId } from '../lib/ids';
import type { AccountId, WebhookId } from '../schemas/ids';
import type { NoticeKind, StoredNotice } from '../schemas/notice';
import type { Page, PageQuery } from '../schemas/page';
import { collection, type Database, type Session } from './database';
import { listPage } from './page';

const KEPT_MS = 90 * 24 * 3_600_000;

export const NOTICES = collection<StoredNotice>({
  name: 'notices',
  shape: {
    _id: String,
    accountId: String,
    webhookId: String,
    kind: String,
    sentence: String,
    at: Date,
    expireAt: Date,
  },
  indexes: [[{ accountId: 1, _id: -1 }], [{ webhookId: 1, _id: -1 }], [{ expireAt: 1 }, { expireAfterSeconds: 0 }]],
});

/** Tells people about a webhook. */
export async function appendNotice(
  db: Database,
  session: Session | null,
  notice: { accountId: AccountId; webhookId: WebhookId; kind: NoticeKind; sentence: string },
): Promise<void> {
  const at = now();
  const stored = { ...notice, _id: newId('notice'), at, expireAt: new Date(at.getTime() + KEPT_MS) };
  await db.model(NOTICES).create([stored], session ? { session } : {});
}

/** The account's notices, newest first. */
export const listNotices = (
  db: Database,
  filter: { accountId: AccountId; webhookId: WebhookId | undefined },
  page: PageQuery,
): Promise<Page<StoredNotice>> => listPage(db, NOTICES, filter, page);
