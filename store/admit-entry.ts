import { now } from '../lib/clock';
import { newId, workflowIdOf } from '../lib/ids';
import type { Reentry } from '../schemas/automation-map';
import type { StoredEntry } from '../schemas/entry';
import type { AccountId, EventId, MapId, RecordId } from '../schemas/ids';
import type { Database, Session } from './database';
import { findEntryByKey, findLatestEntry, insertEntry } from './entries';

export interface Admission {
  accountId: AccountId;
  mapId: MapId;
  mapName: string;
  objectTypeId: number;
  recordId: RecordId;
  versionNumber: number;
  triggerElementId: string;
  reentry: Reentry;
  /** What asks for the entry: an event, or another key that makes it once */
  eventId: EventId | null;
  key: string;
  hops: number;
}

/**
 * Lets a record enter a map once, as the map's re-entry setting says. The unique indexes decide, so that the same
 * request at once or again makes one entry.
 *
 * @returns the entry, new or made by the same request before; null when the record may not enter now
 * @source docs/maps.md
 */
export async function admitEntry(
  db: Database,
  admission: Admission,
  session: Session | null = null,
): Promise<StoredEntry | null> {
  const { mapId, recordId, reentry, key, ...rest } = admission;
  const entryKey = reentry === 'once' ? 'once' : key;
  const earlier = await findEarlier(db, admission, session);
  if (earlier) return earlier.eventId !== null && earlier.eventId === admission.eventId ? earlier : null;
  const entry: StoredEntry = {
    ...rest,
    _id: newId('entry'),
    mapId,
    recordId,
    entryKey,
    ...(reentry === 'after-leaving' ? { exclusive: true as const } : {}),
    status: 'active',
    endReason: null,
    workflowId: workflowIdOf({ mapId, recordId, entryKey }),
    startedAt: now(),
    endedAt: null,
  };
  if (await insertEntry(db, session, entry)) return entry;
  if (session) return null;
  const winner = await findEntryByKey(db, { mapId, recordId, entryKey });
  return winner && winner.eventId === admission.eventId ? winner : null;
}

/** An entry that stands in the way, also one made under another setting; or the one that this very event made. */
async function findEarlier(db: Database, admission: Admission, session: Session | null): Promise<StoredEntry | null> {
  const { mapId, recordId, reentry, key } = admission;
  // Nothing stands in the way of `always`: the insert itself finds out whether this very event was here before.
  if (reentry === 'always') return null;
  if (reentry === 'after-leaving') {
    const same = await findEntryByKey(db, { mapId, recordId, entryKey: key });
    if (same) return same;
  }
  return findLatestEntry(
    db,
    { mapId, recordId, ...(reentry === 'once' ? {} : { status: 'active' as const }) },
    session ?? undefined,
  );
}
