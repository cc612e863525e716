import { now } from '../lib/clock';
import { AppError } from '../lib/errors';
import type { AccountId } from '../schemas/ids';
import { collection, type Database, Mixed, type Session } from './database';

const KEPT_MS = 24 * 3600 * 1000;

/** The answer to a request with an `Idempotency-Key`, kept for 24 h. */
interface KeptAnswer {
  _id: string;
  requestHash: string;
  status: number;
  body: unknown;
  expireAt: Date;
}

export const IDEMPOTENCY = collection<KeptAnswer>({
  name: 'idempotency',
  shape: { _id: String, requestHash: String, status: Number, body: Mixed, expireAt: Date },
  indexes: [[{ expireAt: 1 }, { expireAfterSeconds: 0 }]],
});

interface Of {
  accountId: AccountId;
  key: string;
  /** Hash over route and body: the same key for another request is a mistake */
  requestHash: string;
}

const idOf = (of: Of): string => `${of.accountId}:${of.key}`;

/** The kept answer, or null. @throws AppError `idempotency.mismatch` when the key was used for another request */
export async function findAnswer(
  db: Database,
  session: Session,
  of: Of,
): Promise<{ status: number; body: unknown } | null> {
  const kept = await db.model(IDEMPOTENCY).findById(idOf(of), null, { session }).lean<KeptAnswer>();
  if (kept && kept.requestHash !== of.requestHash) throw new AppError('idempotency.mismatch');
  return kept;
}

/** Keeps an answer, in the transaction of the change that it answers. */
export async function saveAnswer(
  db: Database,
  session: Session,
  of: Of,
  answer: { status: number; body: unknown },
): Promise<void> {
  const kept: KeptAnswer = {
    _id: idOf(of),
    requestHash: of.requestHash,
    ...answer,
    expireAt: new Date(now().getTime() + KEPT_MS),
  };
  await db.model(IDEMPOTENCY).create([kept], { session });
}
