import { now } from '../lib/clock';
import type { StoredRecord } from '../schemas/record';
import type { Database, Session } from './database';
import { EVENTS } from './events';

/** However much goes on, a new record is told of after this. */
const SETTLING_MAX_MS = 600_000;

/**
 * Until when a record that was changed now must be quiet before anything hears of it.
 *
 * @returns null when nothing waits for it (any more)
 * @source docs/events.md
 */
export function settledByOf({ settleSeconds = 0, createdAt }: StoredRecord, at: Date): Date | null {
  const endMs = createdAt.getTime() + SETTLING_MAX_MS;
  if (settleSeconds === 0 || at.getTime() >= endMs) return null;
  return new Date(Math.min(at.getTime() + settleSeconds * 1000, endMs));
}

/** Lets the news of a new record that is being changed wait for quiet anew, and with it all that came after it. */
export async function keepSettling(db: Database, session: Session, record: StoredRecord): Promise<void> {
  const settledBy = settledByOf(record, now());
  if (!settledBy) return;
  const waiting = { recordId: record._id, status: 'pending', 'fact.type': 'record.created', tries: 0 };
  await db.model(EVENTS).updateOne(waiting as object, { $set: { retryAt: settledBy } }, { session });
}
