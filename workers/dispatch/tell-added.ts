import { AppError } from '../../lib/errors';
import { deriveIdAt } from '../../lib/ids';
import type { StoredEntry } from '../../schemas/entry';
import type { Fact } from '../../schemas/event';
import { isDuplicate, transaction } from '../../store/database';
import { appendRecordFacts } from '../../store/records';
import type { Dispatch } from './carry-out';

/**
 * Tells that a record entered a map, once, where anybody listens for it; so an entry costs nothing where nobody does.
 *
 * @throws MongoDB's errors
 * @source docs/events.md
 */
export async function tellAdded({ db, index }: Pick<Dispatch, 'db' | 'index'>, entry: StoredEntry): Promise<void> {
  const { _id: entryId, accountId, objectTypeId, recordId, mapId, hops, startedAt } = entry;
  const fact: Fact = { type: 'map.added', mapId, entryId };
  if (index.find({ accountId, objectTypeId, fact }).length === 0) return;
  const cause = { kind: 'map' as const, id: mapId, name: entry.mapName };
  const eventIds = [deriveIdAt('event', startedAt, entryId, fact.type)];
  try {
    await transaction(db, (session) =>
      appendRecordFacts(db, session, { accountId, recordId, facts: [fact], hops: hops + 1, cause, eventIds }),
    );
  } catch (error) {
    const isRecordGone = error instanceof AppError && error.code === 'record.not-found';
    if (!isDuplicate(error) && !isRecordGone) throw error;
  }
}
