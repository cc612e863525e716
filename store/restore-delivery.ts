import { type Attempt, FINAL_STATUSES, type StoredDelivery } from '../schemas/delivery';
import { type Database, isDuplicate } from './database';
import { DELIVERIES, findDelivery } from './deliveries';
import { tellSoon } from './turns';
import { WAITING } from './waiting-deliveries';

/** What became of a restored row; `refused`: another delivery has its place. */
export type Restored = 'inserted' | 'completed' | 'unchanged' | 'refused';

const TRIES = 5;

/**
 * Writes a row that was made from elsewhere. A row that is there is never made worse: it keeps its lines, gets those
 * that it lacks, and is moved only by a later round, a later attempt, or the end that it has not seen.
 *
 * @param restore.isDryRun tells what would become of it, and writes nothing
 * @throws MongoDB's errors
 */
export async function restoreDelivery(
  db: Database,
  restore: { row: StoredDelivery; isDryRun: boolean },
): Promise<Restored> {
  const { row, isDryRun } = restore;
  for (let tries = 0; tries < TRIES; tries++) {
    const current = await findDelivery(db, row._id);
    if (!current) {
      if (isDryRun || (await insert(db, row))) return 'inserted';
      if (!(await findDelivery(db, row._id))) return 'refused';
      continue;
    }
    const merged = mergeRestored(current, row);
    if (!merged) return 'unchanged';
    const { _id, accountId } = current;
    // Untouched since it was read: whoever writes a row meanwhile knows more than we do.
    const same = { status: current.status, newest: current.newest, attempts: { $size: current.attempts.length } };
    if (isDryRun) return 'completed';
    const isAwake = merged.status !== undefined && !merged.turnAt;
    const { matchedCount } = await db.model(DELIVERIES).updateOne({ _id, accountId, ...same } as object, {
      $set: merged,
      ...(isAwake ? { $unset: { turnAt: '' } } : {}),
    });
    if (matchedCount === 0) continue;
    if (merged.turnAt) await tellSoon(db, row.webhookId);
    return 'completed';
  }
  return 'unchanged';
}

/** One that waits may sleep until it is told: it is, whether it does or not. */
const turnOf = ({ status, createdAt }: StoredDelivery): Pick<StoredDelivery, 'turnAt'> =>
  WAITING.includes(status) ? { turnAt: createdAt } : {};

async function insert(db: Database, row: StoredDelivery): Promise<boolean> {
  const turn = turnOf(row);
  try {
    await db.model(DELIVERIES).create([{ ...row, ...turn }]);
    if (turn.turnAt) await tellSoon(db, row.webhookId);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

const keyOf = ({ call, temporalAttempt }: Attempt): string => `${call}.${temporalAttempt}`;

/** What a stored row gains from one made elsewhere; null when nothing. @throws never */
function mergeRestored(current: StoredDelivery, made: StoredDelivery): Partial<StoredDelivery> | null {
  const known = new Set(current.attempts.map(keyOf));
  const missing = made.attempts.filter((line) => !known.has(keyOf(line)));
  const attempts = [...current.attempts, ...missing].sort(
    (a, b) => a.call - b.call || a.temporalAttempt - b.temporalAttempt,
  );
  const isMoved = isLater(current, made);
  if (missing.length === 0 && !isMoved) return null;
  if (!isMoved) return { attempts };
  const { status, class: outcome, responseStatus, newest, round, nextAttemptAt, waitingFor, finishedAt } = made;
  const { workflowId, host = null } = made;
  return {
    attempts,
    status,
    class: outcome,
    responseStatus,
    newest,
    round,
    nextAttemptAt,
    waitingFor,
    finishedAt,
    workflowId,
    host,
    ...turnOf(made),
  };
}

/** Whether one row says of the same delivery what comes after what the other says. */
function isLater(current: StoredDelivery, made: StoredDelivery): boolean {
  const isOver = (row: StoredDelivery): boolean => FINAL_STATUSES.includes(row.status);
  const rounds = made.round.number - (current.round?.number ?? 0);
  if (rounds !== 0) return rounds > 0;
  if (isOver(current)) return false;
  const attempts = made.newest.call - current.newest.call || made.newest.attempt - current.newest.attempt;
  return attempts > 0 || (attempts === 0 && isOver(made));
}
