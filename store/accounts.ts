import type { StoredAccount } from '../schemas/account';
import type { AccountId } from '../schemas/ids';
import { collection, type Database, Mixed, type Session } from './database';

export const ACCOUNTS = collection<StoredAccount>({
  name: 'accounts',
  shape: { _id: String, name: String, appId: String, inboxToken: String, settings: Mixed, createdAt: Date },
  indexes: [
    [{ appId: 1 }, { unique: true }],
    [{ inboxToken: 1 }, { unique: true }],
  ],
});

/** Inserts an account. @throws on a taken app id */
export async function saveAccount(db: Database, session: Session, account: StoredAccount): Promise<void> {
  await db.model(ACCOUNTS).create([account], { session });
}

/** The account with this app id, or null. */
export const findAccountByAppId = async (db: Database, appId: string): Promise<StoredAccount | null> =>
  db.model(ACCOUNTS).findOne({ appId }).lean<StoredAccount>();

/** The account with this id, or null. */
export const findAccount = async (db: Database, accountId: AccountId): Promise<StoredAccount | null> =>
  db.model(ACCOUNTS).findById(accountId).lean<StoredAccount>();

/** The account whose inbox has this token, or null. */
export const findAccountByInboxToken = async (db: Database, inboxToken: string): Promise<StoredAccount | null> =>
  db.model(ACCOUNTS).findOne({ inboxToken }).lean<StoredAccount>();

/** Whether there is any account. */
export const hasAccounts = async (db: Database): Promise<boolean> => (await db.model(ACCOUNTS).exists({})) !== null;
