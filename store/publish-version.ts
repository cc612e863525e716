import { now } from '../lib/clock';
import { newId } from '../lib/ids';
import type { MapDrawing, StoredVersion } from '../schemas/automation-map';
import type { AccountId, MapId } from '../schemas/ids';
import { raiseListenersRevision } from './counters';
import type { Database, Session } from './database';
import { setPublished } from './maps';
import { insertVersion } from './versions';

/** Freezes a drawing as a map's current version, and tells every pump to look at the map again: all of it or nothing. */
export async function publishVersion(
  db: Database,
  session: Session,
  given: { accountId: AccountId; mapId: MapId; number: number; hash: string; note: string; drawing: MapDrawing },
): Promise<StoredVersion> {
  const { drawing, ...rest } = given;
  const { elements, edges, settings } = drawing;
  const version: StoredVersion = { ...rest, _id: newId('version'), publishedAt: now(), elements, edges, settings };
  const listenersRevision = await raiseListenersRevision(db, session);
  await insertVersion(db, session, version);
  const { accountId, mapId, number, publishedAt } = version;
  await setPublished(db, session, { accountId, mapId, number, listenersRevision, publishedAt });
  return version;
}
