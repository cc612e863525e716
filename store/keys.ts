import { AppError } from '../lib/errors';
import type { StoredKey } from '../schemas/account';
import type { AccountId, KeyId } from '../schemas/ids';
import type { Page, PageQuery } from '../schemas/page';
import { collection, type Database, type Session } from './database';
import { listPage } from './page';

export const KEYS = collection<StoredKey>({
  name: 'keys',
  shape: { _id: String, accountId: String, name: String, hash: String, hint: String, createdAt: Date },
  indexes: [[{ hash: 1 }, { unique: true }], [{ accountId: 1, _id: -1 }]],
});

/** Inserts a key; `hash` is its keyed hash. */
export async function saveKey(db: Database, session: Session, key: StoredKey): Promise<void> {
  await db.model(KEYS).create([key], { session });
}

/** The key with this keyed hash, or null. */
export const findKeyByHash = async (db: Database, hash: string): Promise<StoredKey | null> =>
  db.model(KEYS).findOne({ hash }).lean<StoredKey>();

/** The account's keys, newest first. */
export const listKeys = (db: Database, accountId: AccountId, page: PageQuery): Promise<Page<StoredKey>> =>
  listPage(db, KEYS, { accountId }, page);

/** Deletes a key; requests with it are refused from now on. @throws AppError `key.not-found` */
export async function deleteKey(
  db: Database,
  session: Session,
  key: { accountId: AccountId; keyId: KeyId },
): Promise<void> {
  const { deletedCount } = await db.model(KEYS).deleteOne({ _id: key.keyId, accountId: key.accountId }, { session });
  if (deletedCount === 0) throw new AppError('key.not-found');
}
