import { now } from '../lib/clock';
import { AppError } from '../lib/errors';
import { newId } from '../lib/ids';
import type { AccountId, WebhookId } from '../schemas/ids';
import type { Page, PageQuery } from '../schemas/page';
import type { StoredSigning, StoredWebhook, WebhookSettings } from '../schemas/webhook';
import { collection, type Database, Mixed, type Session } from './database';
import { NUMBER_INDEX, nextNumber } from './numbers';
import { deletePace, insertPace, setPaceLimit } from './paces';
import { listPage } from './page';

export const WEBHOOKS = collection<StoredWebhook>({
  name: 'webhooks',
  shape: {
    _id: String,
    accountId: String,
    number: Number,
    owner: Mixed,
    settings: Mixed,
    status: String,
    statusReason: String,
    statusAt: Date,
    signing: Mixed,
    revision: Number,
    createdAt: Date,
    updatedAt: Date,
  },
  indexes: [[{ accountId: 1, _id: -1 }], NUMBER_INDEX],
});

type Of = { accountId: AccountId; webhookId: WebhookId };

/** Creates a webhook and its pace. @param webhook.settings with the values of secret header rows sealed */
export async function insertWebhook(
  db: Database,
  session: Session,
  webhook: {
    accountId: AccountId;
    settings: WebhookSettings;
    signing?: StoredSigning;
    owner?: NonNullable<StoredWebhook['owner']>;
  },
): Promise<StoredWebhook> {
  const at = now();
  const number = await nextNumber(db, webhook.accountId, 'webhooks');
  const stored: StoredWebhook = {
    ...webhook,
    _id: newId('webhook'),
    number,
    revision: 1,
    createdAt: at,
    updatedAt: at,
  };
  await db.model(WEBHOOKS).create([stored], { session });
  await insertPace(db, session, {
    webhookId: stored._id,
    accountId: stored.accountId,
    limit: stored.settings.requestsPerMinute,
  });
  return stored;
}

/** The webhook, or null. */
export const findWebhook = async (db: Database, of: Of, session?: Session): Promise<StoredWebhook | null> =>
  db
    .model(WEBHOOKS)
    .findOne({ _id: of.webhookId, accountId: of.accountId }, null, session ? { session } : {})
    .lean<StoredWebhook>();

/** The webhooks with these ids that exist in the account. */
export const findWebhooks = async (
  db: Database,
  accountId: AccountId,
  ids: WebhookId[],
  session?: Session,
): Promise<StoredWebhook[]> =>
  ids.length === 0
    ? []
    : db
        .model(WEBHOOKS)
        .find({ accountId, _id: { $in: ids } }, null, session ? { session } : {})
        .lean<StoredWebhook[]>();

/** @throws AppError `webhook.not-found` */
export async function getWebhook(db: Database, of: Of, session?: Session): Promise<StoredWebhook> {
  const webhook = await findWebhook(db, of, session);
  if (!webhook) throw new AppError('webhook.not-found');
  return webhook;
}

/** Replaces the settings; attempts that begin from now on use them. @throws AppError `webhook.not-found` */
export async function saveWebhook(
  db: Database,
  session: Session,
  edit: Of & { settings: WebhookSettings },
): Promise<StoredWebhook> {
  const before = await getWebhook(db, edit, session);
  const set = { settings: edit.settings, revision: before.revision + 1, updatedAt: now() };
  await db.model(WEBHOOKS).updateOne({ _id: edit.webhookId }, { $set: set }, { session });
  if (edit.settings.requestsPerMinute !== before.settings.requestsPerMinute) {
    await setPaceLimit(db, session, { webhookId: edit.webhookId, limit: edit.settings.requestsPerMinute });
  }
  return { ...before, ...set };
}

/** Deletes a webhook and its pace; its log stays. @throws AppError `webhook.not-found` */
export async function deleteWebhook(db: Database, session: Session, of: Of): Promise<void> {
  const { deletedCount } = await db
    .model(WEBHOOKS)
    .deleteOne({ _id: of.webhookId, accountId: of.accountId }, { session });
  if (deletedCount === 0) throw new AppError('webhook.not-found');
  await deletePace(db, session, of.webhookId);
}

/** The account's webhooks without those of subscriptions, newest first. */
export const listWebhooks = (db: Database, accountId: AccountId, page: PageQuery): Promise<Page<StoredWebhook>> =>
  listPage(db, WEBHOOKS, { accountId, owner: null }, page);
