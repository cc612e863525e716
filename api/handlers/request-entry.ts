import { chooseTrigger } from '../../domain/choose-trigger';
import { AppError } from '../../lib/errors';
import { newId } from '../../lib/ids';
import type { StoredEntry } from '../../schemas/entry';
import type { AccountId, MapId, RecordId } from '../../schemas/ids';
import { admitEntry } from '../../store/admit-entry';
import type { Database, Session } from '../../store/database';
import { getMap } from '../../store/maps';
import { appendRecordFacts, getRecord } from '../../store/records';
import { getVersion } from '../../store/versions';
import { invalid } from '../problem';

/**
 * Lets a record enter a map: the entry, and the fact by which the pump starts it, in one transaction.
 *
 * @throws AppError `map.not-found`, `map.not-published`, `record.not-found`, `request.invalid` for a record of another
 *         object type, `entry.refused`
 */
export async function requestEntry(
  db: Database,
  session: Session,
  given: { accountId: AccountId; mapId: MapId; recordId: RecordId },
): Promise<StoredEntry> {
  const { accountId, mapId, recordId } = given;
  const { name: mapName, publishedNumber, objectTypeId } = await getMap(db, { accountId, mapId }, session);
  const record = await getRecord(db, { accountId, recordId }, session);
  if (publishedNumber === null) throw new AppError('map.not-published');
  if (record.objectTypeId !== objectTypeId)
    throw invalid({ path: 'recordId', message: `is no record of the map's object type, ${objectTypeId}` });
  const version = await getVersion(db, { mapId, number: publishedNumber });
  const trigger = chooseTrigger(version.elements);
  if (!trigger) throw new AppError('map.not-published');

  const entry = await admitEntry(
    db,
    {
      accountId,
      mapId,
      mapName,
      objectTypeId,
      recordId,
      versionNumber: version.number,
      triggerElementId: trigger.id,
      reentry: version.settings.reentry,
      eventId: null,
      key: newId('event'),
      hops: 0,
    },
    session,
  );
  if (!entry) throw new AppError('entry.refused');
  const facts = [{ type: 'entry.requested' as const, entryId: entry._id }];
  await appendRecordFacts(db, session, { accountId, recordId, facts, hops: 0 });
  return entry;
}
