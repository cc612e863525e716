import { type Needs, NO_SURROUNDINGS, type Surroundings } from '../domain/surroundings';
import { now } from '../lib/clock';
import { CLOCK_DEFAULT } from '../schemas/account';
import type { AccountId, RecordId } from '../schemas/ids';
import { findAccount } from '../store/accounts';
import type { Database, Session } from '../store/database';
import { findEmailDeeds } from '../store/email-deeds';
import { findActiveEntries } from '../store/entries';
import { sumPurchases } from '../store/purchases';

/**
 * Reads what conditions ask of a record beyond its own fields and tags; nothing is read that is not needed.
 *
 * @param of.nowMs Unix milliseconds; the wall clock's unless given
 */
export async function readSurroundings(
  db: Database,
  of: { accountId: AccountId; recordId: RecordId; nowMs?: number },
  needs: Needs,
  session?: Session,
): Promise<Surroundings> {
  const { accountId, recordId, nowMs = now().getTime() } = of;
  const entries = needs.maps ? await findActiveEntries(db, recordId, session) : [];
  const bought = needs.purchases ? await sumPurchases(db, { accountId, contactId: recordId }, session) : [];
  const deeds = needs.emails ? await findEmailDeeds(db, recordId, session) : [];
  const account = needs.zone ? await findAccount(db, accountId) : null;
  return {
    ...NO_SURROUNDINGS,
    entries: entries.map(({ mapId, startedAt, pausedAt }) => ({ mapId, startedAt, isPaused: Boolean(pausedAt) })),
    bought,
    deeds,
    nowMs,
    timezone: account?.settings.timezone ?? CLOCK_DEFAULT.timezone,
  };
}
