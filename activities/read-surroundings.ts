import type { Needs, Surroundings } from '../domain/surroundings';
import type { AccountId, RecordId } from '../schemas/ids';
import type { Database, Session } from '../store/database';
import { findActiveEntries } from '../store/entries';
import { sumPurchases } from '../store/purchases';

/** Reads what conditions ask of a record beyond its own fields and tags; nothing is read that is not needed. */
export async function readSurroundings(
  db: Database,
  of: { accountId: AccountId; recordId: RecordId },
  needs: Needs,
  session?: Session,
): Promise<Surroundings> {
  const { accountId, recordId } = of;
  const entries = needs.maps ? await findActiveEntries(db, recordId, session) : [];
  const bought = needs.purchases ? await sumPurchases(db, { accountId, contactId: recordId }, session) : [];
  return { mapIds: new Set(entries.map(({ mapId }) => mapId)), bought };
}
