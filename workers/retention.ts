import type { Logger } from '../lib/logger';
import { RETENTION_DEFAULT, type Retention, type StoredAccount } from '../schemas/account';
import type { AccountId, DeliveryId } from '../schemas/ids';
import { findAccount, findAccounts, saveAppliedRetention } from '../store/accounts';
import type { Database } from '../store/database';
import { findCounted, findUncounted, keepReopened, removeBodies, saveExpiry } from '../store/delivery-retention';
import { startSweep } from './start-sweep';

const EVERY_MS = 3600 * 1000;
/** Well beyond the time of the next sweep. */
const AHEAD_MS = 6 * EVERY_MS;
const PAGE = 2000;
/** Rows with their bodies may be large. */
const BODIES_PAGE = 200;

/** Sweeps the webhook log of all accounts once an hour, in one process of all that run this. */
export const startRetention = (db: Database, logger: Logger): { stop(): Promise<void> } =>
  startSweep(db, logger, {
    lease: 'retention',
    what: 'webhook log',
    everyMs: EVERY_MS,
    sweep: (at, signal) => sweepLog(db, at, signal),
  });

/**
 * Gives the rows that ended their time to go, applies changed days to those that are there, and removes the bodies
 * whose time has come; the rows themselves are removed by MongoDB. Repeating it changes nothing.
 *
 * @throws MongoDB's errors; what is done by then stays done
 * @source docs/webhook-log.md#retention
 */
export async function sweepLog(
  db: Database,
  at: Date,
  signal?: AbortSignal,
): Promise<{ counted: number; recounted: number; emptied: number }> {
  const swept = { counted: 0, recounted: 0, emptied: 0 };
  await keepReopened(db, new Date(at.getTime() + AHEAD_MS));
  swept.recounted = await recount(db, signal);
  swept.counted = await count(db, signal);
  for (let emptied = -1; emptied !== 0 && !signal?.aborted; swept.emptied += emptied)
    emptied = await removeBodies(db, at, BODIES_PAGE);
  return swept;
}

const retentionOf = (account: StoredAccount | null): Retention => account?.settings.retention ?? RETENTION_DEFAULT;

/** Counts the days of rows that ended. @returns how many */
async function count(db: Database, signal: AbortSignal | undefined): Promise<number> {
  const known = new Map<AccountId, Retention>();
  let counted = 0;
  while (!signal?.aborted) {
    const rows = await findUncounted(db, PAGE);
    const byAccount = new Map<AccountId, DeliveryId[]>();
    for (const { _id, accountId } of rows) byAccount.set(accountId, [...(byAccount.get(accountId) ?? []), _id]);
    for (const [accountId, ids] of byAccount) {
      const retention = known.get(accountId) ?? retentionOf(await findAccount(db, accountId));
      known.set(accountId, retention);
      await saveExpiry(db, accountId, { ids, retention });
    }
    counted += rows.length;
    if (rows.length < PAGE) break;
  }
  return counted;
}

/** Applies the days of accounts that changed theirs to the rows that were counted before. @returns how many */
async function recount(db: Database, signal: AbortSignal | undefined): Promise<number> {
  let recounted = 0;
  for (let after: AccountId | undefined; ; ) {
    const accounts = await findAccounts(db, { after, limit: PAGE });
    for (const account of accounts) {
      const retention = retentionOf(account);
      const { appliedRetention: applied } = account;
      if (applied?.bodyDays === retention.bodyDays && applied.rowDays === retention.rowDays) continue;
      recounted += await recountAccount(db, account._id, { retention, signal });
      if (signal?.aborted) return recounted;
      await saveAppliedRetention(db, account._id, retention);
    }
    after = accounts.at(-1)?._id;
    if (accounts.length < PAGE) return recounted;
  }
}

async function recountAccount(
  db: Database,
  accountId: AccountId,
  by: { retention: Retention; signal: AbortSignal | undefined },
): Promise<number> {
  let recounted = 0;
  for (let after: DeliveryId | undefined; !by.signal?.aborted; ) {
    const ids = await findCounted(db, accountId, { after, limit: PAGE });
    if (ids.length > 0) await saveExpiry(db, accountId, { ids, retention: by.retention });
    recounted += ids.length;
    after = ids.at(-1);
    if (ids.length < PAGE) break;
  }
  return recounted;
}
