import { now } from '../lib/clock';
import { AppError } from '../lib/errors';
import { newId } from '../lib/ids';
import type { MapDrawing, StoredMap } from '../schemas/automation-map';
import type { AccountId, MapId, WebhookId } from '../schemas/ids';
import type { Page, PageQuery } from '../schemas/page';
import { collection, type Database, Mixed, type Session } from './database';
import { NUMBER_INDEX, nextNumber } from './numbers';
import { listPage } from './page';

export const MAPS = collection<StoredMap>({
  name: 'maps',
  shape: {
    _id: String,
    accountId: String,
    number: Number,
    name: String,
    objectTypeId: Number,
    draft: Mixed,
    draftRevision: Number,
    publishedNumber: Number,
    listenersRevision: Number,
    createdAt: Date,
    updatedAt: Date,
    publishedAt: Date,
  },
  indexes: [
    [{ accountId: 1, _id: -1 }],
    [{ listenersRevision: 1 }],
    NUMBER_INDEX,
    [{ accountId: 1, 'draft.elements.settings.webhookId': 1 }],
  ],
});

type Of = { accountId: AccountId; mapId: MapId };

/** Creates a map with its first draft. */
export async function insertMap(
  db: Database,
  session: Session,
  map: { accountId: AccountId; name: string; objectTypeId: number; draft: MapDrawing },
): Promise<StoredMap> {
  const at = now();
  const stored: StoredMap = {
    ...map,
    _id: newId('map'),
    number: await nextNumber(db, map.accountId, 'maps'),
    draftRevision: 1,
    publishedNumber: null,
    listenersRevision: 0,
    createdAt: at,
    updatedAt: at,
    publishedAt: null,
  };
  await db.model(MAPS).create([stored], { session });
  return stored;
}

/** @throws AppError `map.not-found` */
export async function getMap(db: Database, of: Of, session?: Session): Promise<StoredMap> {
  const found = await db
    .model(MAPS)
    .findOne({ _id: of.mapId, accountId: of.accountId }, null, session ? { session } : {})
    .lean<StoredMap>();
  if (!found) throw new AppError('map.not-found');
  return found;
}

/** The maps with these ids that the account has. */
export const findMaps = async (
  db: Database,
  accountId: AccountId,
  ids: MapId[],
  session?: Session,
): Promise<StoredMap[]> =>
  ids.length === 0
    ? []
    : db
        .model(MAPS)
        .find({ accountId, _id: { $in: ids } }, null, session ? { session } : {})
        .lean<StoredMap[]>();

/** The number of the current version; null when the map is gone or was never published. */
export const findPublishedNumber = async (db: Database, of: Of): Promise<number | null> => {
  const filter = { _id: of.mapId, accountId: of.accountId };
  const found = await db.model(MAPS).findOne(filter, { publishedNumber: 1 }).lean<Pick<StoredMap, 'publishedNumber'>>();
  return found?.publishedNumber ?? null;
};

/** Replaces the draft. @throws AppError `map.not-found`, `map.changed` when `draftRevision` is given and not the stored one */
export async function saveDraft(
  db: Database,
  session: Session,
  edit: Of & { name: string | undefined; draft: MapDrawing; draftRevision: number | undefined },
): Promise<StoredMap> {
  const current = await getMap(db, edit, session);
  if (edit.draftRevision !== undefined && edit.draftRevision !== current.draftRevision)
    throw new AppError('map.changed');
  const set = {
    name: edit.name ?? current.name,
    draft: edit.draft,
    draftRevision: current.draftRevision + 1,
    updatedAt: now(),
  };
  await db.model(MAPS).updateOne({ _id: edit.mapId }, { $set: set }, { session });
  return { ...current, ...set };
}

/** Makes a version the published one; `listenersRevision` tells every pump to look at the map again. */
export async function setPublished(
  db: Database,
  session: Session,
  publish: Of & { number: number; listenersRevision: number; publishedAt: Date },
): Promise<void> {
  const { number, listenersRevision, publishedAt } = publish;
  await db
    .model(MAPS)
    .updateOne(
      { _id: publish.mapId },
      { $set: { publishedNumber: number, listenersRevision, publishedAt } },
      { session },
    );
}

/** Published maps changed after this revision, in the order of their changes. */
export const findPublishedSince = async (db: Database, listenersRevision: number): Promise<StoredMap[]> =>
  db
    .model(MAPS)
    .find({ listenersRevision: { $gt: listenersRevision } })
    .sort({ listenersRevision: 1 })
    .lean<StoredMap[]>();

/** Whether the draft of any map names this webhook. */
export const isWebhookOnDraft = async (db: Database, accountId: AccountId, webhookId: WebhookId): Promise<boolean> =>
  (await db.model(MAPS).exists({ accountId, 'draft.elements.settings.webhookId': webhookId } as object)) !== null;

/** The account's maps, newest first. */
export const listMaps = (db: Database, accountId: AccountId, page: PageQuery): Promise<Page<StoredMap>> =>
  listPage(db, MAPS, { accountId }, page);
