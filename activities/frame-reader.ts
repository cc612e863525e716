import { now } from '../lib/clock';
import { rememberFor } from '../lib/remember';
import type { StoredAccount } from '../schemas/account';
import type { AccountId } from '../schemas/ids';
import type { ObjectType } from '../schemas/object-type';
import { findAccount } from '../store/accounts';
import type { Database } from '../store/database';
import { getObjectType } from '../store/object-types';

const KEPT_MS = 2000;
const SETTLED_MS = 10_000;

/** What a request is rendered by, beside the webhook and the record. */
export interface Frame {
  account: StoredAccount | null;
  objectType: ObjectType;
}

export interface FrameReader {
  /**
   * @param of.editedAt when the webhook was edited last: one edited just now may name a field that was added just now,
   *                    so nothing remembered is used for it
   * @throws AppError `object-type.not-found`, MongoDB's errors
   */
  read(of: { accountId: AccountId; objectTypeId: number; editedAt: Date }): Promise<Frame>;
}

/** Reads frames, each at most once in 2 s: they seldom change, and every delivery needs one. */
export function openFrameReader(db: Database): FrameReader {
  const readNow = async (accountId: AccountId, objectTypeId: number): Promise<Frame> => {
    const [account, objectType] = await Promise.all([
      findAccount(db, accountId),
      getObjectType(db, accountId, objectTypeId),
    ]);
    return { account, objectType };
  };
  const remembered = rememberFor(KEPT_MS, (key) => {
    const [accountId, objectTypeId] = key.split(' ');
    return readNow(accountId as AccountId, Number(objectTypeId));
  });
  return {
    read: ({ accountId, objectTypeId, editedAt }) =>
      now().getTime() - editedAt.getTime() < SETTLED_MS
        ? readNow(accountId, objectTypeId)
        : remembered(`${accountId} ${objectTypeId}`),
  };
}
