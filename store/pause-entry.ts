import { now } from '../lib/clock';
import type { StoredEntry } from '../schemas/entry';
import type { Fact } from '../schemas/event';
import type { EntryId } from '../schemas/ids';
import type { Database, Session } from './database';
import { ENTRIES } from './entries';

/**
 * Pauses or resumes an active entry, in the session's transaction.
 *
 * @returns the fact to be written with it; none when the entry is as wanted already, or has ended
 */
export async function pauseEntry(
  db: Database,
  session: Session,
  of: { entry: Pick<StoredEntry, '_id' | 'mapId'>; isPaused: boolean },
): Promise<Fact[]> {
  const { _id: entryId, mapId } = of.entry;
  const filter = { _id: entryId, status: 'active' as const, pausedAt: of.isPaused ? null : { $ne: null } };
  const change = of.isPaused ? { $set: { pausedAt: now() } } : { $unset: { pausedAt: 1 as const } };
  const { modifiedCount } = await db.model(ENTRIES).updateOne(filter, change, { session });
  return modifiedCount === 0 ? [] : [{ type: of.isPaused ? 'map.paused' : 'map.resumed', mapId, entryId }];
}

/** Whether an entry is paused, as of the transaction. */
export const isEntryPaused = async (db: Database, entryId: EntryId, session: Session): Promise<boolean> =>
  (await db
    .model(ENTRIES)
    .exists({ _id: entryId, pausedAt: { $ne: null } })
    .session(session)) !== null;
