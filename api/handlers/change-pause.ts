import { AppError } from '../../lib/errors';
import type { StoredEntry } from '../../schemas/entry';
import type { AccountId, EntryId } from '../../schemas/ids';
import type { Database, Session } from '../../store/database';
import { getEntry } from '../../store/entries';
import { pauseEntry } from '../../store/pause-entry';
import { appendRecordFacts } from '../../store/records';

/**
 * Pauses an entry or resumes it, with the fact for its record. One that is as wanted already stays so.
 *
 * @returns the entry as it is then
 * @throws AppError `entry.not-found`, `entry.ended`
 */
export async function changePause(
  db: Database,
  session: Session,
  of: { accountId: AccountId; entryId: EntryId; isPaused: boolean },
): Promise<StoredEntry> {
  const entry = await getEntry(db, of, session);
  if (entry.status === 'ended') throw new AppError('entry.ended');
  const facts = await pauseEntry(db, session, { entry, isPaused: of.isPaused });
  const { accountId, recordId } = entry;
  if (facts.length > 0) await appendRecordFacts(db, session, { accountId, recordId, facts, hops: 0 });
  return getEntry(db, of, session);
}
