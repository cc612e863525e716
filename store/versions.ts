import { AppError } from '../lib/errors';
import type { StoredVersion } from '../schemas/automation-map';
import type { AccountId, MapId, WebhookId } from '../schemas/ids';
import type { Page, PageQuery } from '../schemas/page';
import { collection, type Database, Mixed, type Session } from './database';
import { listPage } from './page';

export const VERSIONS = collection<StoredVersion>({
  name: 'versions',
  shape: {
    _id: String,
    accountId: String,
    mapId: String,
    number: Number,
    hash: String,
    note: String,
    publishedAt: Date,
    elements: Mixed,
    edges: Mixed,
    settings: Mixed,
  },
  indexes: [
    [{ mapId: 1, number: 1 }, { unique: true }],
    [{ mapId: 1, _id: -1 }],
    [{ accountId: 1, 'elements.settings.webhookId': 1 }],
  ],
});

/** Inserts an immutable version. */
export async function insertVersion(db: Database, session: Session, version: StoredVersion): Promise<void> {
  await db.model(VERSIONS).create([version], { session });
}

/** @throws AppError `version.not-found` */
export async function getVersion(db: Database, of: { mapId: MapId; number: number }): Promise<StoredVersion> {
  const version = await db.model(VERSIONS).findOne(of).lean<StoredVersion>();
  if (!version) throw new AppError('version.not-found');
  return version;
}

/** Whether any version names this webhook. */
export const isWebhookOnVersion = async (db: Database, accountId: AccountId, webhookId: WebhookId): Promise<boolean> =>
  (await db.model(VERSIONS).exists({ accountId, 'elements.settings.webhookId': webhookId } as object)) !== null;

/** The versions of a map, newest first. */
export const listVersions = (
  db: Database,
  of: { accountId: AccountId; mapId: MapId },
  page: PageQuery,
): Promise<Page<StoredVersion>> => listPage(db, VERSIONS, of, page);
