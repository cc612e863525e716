import { now } from '../lib/clock';
import type { AccountId } from '../schemas/ids';
import { collection, type Database, type Session } from './database';

const KEPT_MS = 3600 * 1000;

interface Lock {
  _id: string;
  expireAt: Date;
}

export const LOCKS = collection<Lock>({
  name: 'locks',
  shape: { _id: String, expireAt: Date },
  indexes: [[{ expireAt: 1 }, { expireAfterSeconds: 0 }]],
});

/**
 * Lets one transaction at a time pass here: of two that name the same lock, MongoDB runs the later one again from its
 * start. Call it first, before what the transaction reads. For what no unique index can decide.
 */
export async function takeLock(db: Database, session: Session, name: string): Promise<void> {
  const expireAt = new Date(now().getTime() + KEPT_MS);
  await db.model(LOCKS).updateOne({ _id: name }, { $set: { expireAt } }, { session, upsert: true });
}

/**
 * Publishing a map, saving a rule, and deleting a webhook or form of an account wait for each other: none of them names what
 * is gone.
 */
export const lockWebhookUse = (db: Database, session: Session, accountId: AccountId): Promise<void> =>
  takeLock(db, session, `webhook use ${accountId}`);
