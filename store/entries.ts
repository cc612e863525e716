import { now } from '../lib/clock';
import { AppError } from '../lib/errors';
import type { EndReason, StoredEntry } from '../schemas/entry';
import type { AccountId, EntryId, MapId, RecordId } from '../schemas/ids';
import type { Page, PageQuery } from '../schemas/page';
import { collection, type Database, insertPlain, isDuplicate, type Session } from './database';
import { listPage } from './page';

export const ENTRIES = collection<StoredEntry>({
  name: 'entries',
  shape: {
    _id: String,
    accountId: String,
    mapId: String,
    mapName: String,
    objectTypeId: Number,
    recordId: String,
    entryKey: String,
    exclusive: Boolean,
    triggerElementId: String,
    versionNumber: Number,
    eventId: String,
    hops: Number,
    status: String,
    endReason: String,
    pausedAt: Date,
    workflowId: String,
    startedAt: Date,
    endedAt: Date,
  },
  indexes: [
    // Decides re-entry: never read-then-write.
    [{ mapId: 1, recordId: 1, entryKey: 1 }, { unique: true }],
    [
      { mapId: 1, recordId: 1 },
      { unique: true, partialFilterExpression: { exclusive: true }, name: 'one-active-at-a-time' },
    ],
    [{ recordId: 1, status: 1, _id: -1 }],
    [{ accountId: 1, _id: -1 }],
    [{ mapId: 1, status: 1, _id: -1 }],
    [
      { accountId: 1, _id: -1 },
      { partialFilterExpression: { pausedAt: { $type: 'date' } }, name: 'paused' },
    ],
  ],
});

type Of = { accountId: AccountId; entryId: EntryId };

/** Inserts an entry unless a unique index refuses it. @returns false when the record may not enter (again) now */
export async function insertEntry(db: Database, session: Session | null, entry: StoredEntry): Promise<boolean> {
  try {
    await insertPlain(db, ENTRIES, [entry], session);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** The entry with this key, or null. */
export const findEntryByKey = async (
  db: Database,
  key: { mapId: MapId; recordId: RecordId; entryKey: string },
): Promise<StoredEntry | null> => db.model(ENTRIES).findOne(key).lean<StoredEntry>();

/** The latest entry of a record on a map, or null; `status` narrows it. */
export const findLatestEntry = async (
  db: Database,
  of: { mapId: MapId; recordId: RecordId; status?: 'active' },
  session?: Session,
): Promise<StoredEntry | null> =>
  db
    .model(ENTRIES)
    .findOne(of, null, session ? { session } : {})
    .sort({ _id: -1 })
    .lean<StoredEntry>();

/** The record's latest entries on a map, ended ones too. @returns at most 100 ids, newest first */
export async function findEntryIdsOn(db: Database, of: { mapId: MapId; recordId: RecordId }): Promise<EntryId[]> {
  const entries = await db.model(ENTRIES).find(of, { _id: 1 }).sort({ _id: -1 }).limit(100).lean<{ _id: EntryId }[]>();
  return entries.map(({ _id }) => _id);
}

/** Entries of the record that have not ended. */
export const findActiveEntries = async (db: Database, recordId: RecordId, session?: Session): Promise<StoredEntry[]> =>
  db
    .model(ENTRIES)
    .find({ recordId, status: 'active' }, null, session ? { session } : {})
    .lean<StoredEntry[]>();

/** The entry, or null. */
export const findEntry = async (db: Database, entryId: EntryId, session?: Session): Promise<StoredEntry | null> =>
  db
    .model(ENTRIES)
    .findById(entryId, null, session ? { session } : {})
    .lean<StoredEntry>();

/** @throws AppError `entry.not-found` */
export async function getEntry(db: Database, of: Of, session?: Session): Promise<StoredEntry> {
  const entry = await db
    .model(ENTRIES)
    .findOne({ _id: of.entryId, accountId: of.accountId }, null, session ? { session } : {})
    .lean<StoredEntry>();
  if (!entry) throw new AppError('entry.not-found');
  return entry;
}

/** Ends an entry; a record may enter again from now on where the map lets it. */
export async function endEntry(
  db: Database,
  session: Session,
  end: { entryId: EntryId; reason: EndReason },
): Promise<void> {
  await db
    .model(ENTRIES)
    .updateOne(
      { _id: end.entryId },
      { $set: { status: 'ended', endReason: end.reason, endedAt: now() }, $unset: { exclusive: 1, pausedAt: 1 } },
      { session },
    );
}

/** The account's entries, newest first. */
export const listEntries = (
  db: Database,
  filter: {
    accountId: AccountId;
    mapId: MapId | undefined;
    recordId: RecordId | undefined;
    status: 'active' | 'ended' | undefined;
    isPaused?: boolean | undefined;
  },
  page: PageQuery,
): Promise<Page<StoredEntry>> => {
  const { isPaused, ...equal } = filter;
  const pausedAt = isPaused === undefined ? undefined : isPaused ? { $type: 'date' } : null;
  return listPage(db, ENTRIES, { ...equal, pausedAt }, page);
};
