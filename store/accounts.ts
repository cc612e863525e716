import { AppError } from '../lib/errors';
import type { Features, Retention, StoredAccount } from '../schemas/account';
import type { AccountId } from '../schemas/ids';
import { collection, type Database, Mixed, type Session } from './database';

export const ACCOUNTS = collection<StoredAccount>({
  name: 'accounts',
  shape: {
    _id: String,
    name: String,
    appId: String,
    number: Number,
    inboxToken: String,
    settings: Mixed,
    appliedRetention: Mixed,
    createdAt: Date,
  },
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

/** @throws AppError `key.invalid` when the account is gone, and its keys with it */
export async function getAccount(db: Database, accountId: AccountId, session?: Session): Promise<StoredAccount> {
  const account = await db
    .model(ACCOUNTS)
    .findById(accountId, null, session ? { session } : {})
    .lean<StoredAccount>();
  if (!account) throw new AppError('key.invalid');
  return account;
}

/** Sets name, retention and switches; of two edits at once, the later one is run again on what the earlier one left. */
export async function saveAccountEdit(
  db: Database,
  session: Session,
  edit: { accountId: AccountId; name: string; retention: Retention; features: Features },
): Promise<void> {
  const $set = { name: edit.name, 'settings.retention': edit.retention, 'settings.features': edit.features };
  await db.model(ACCOUNTS).updateOne({ _id: edit.accountId }, { $set }, { session });
}

/** All accounts, a page at a time by id. @param after id of the last one of the page before */
export const findAccounts = async (
  db: Database,
  page: { after: AccountId | undefined; limit: number },
): Promise<StoredAccount[]> =>
  db
    .model(ACCOUNTS)
    .find(page.after ? { _id: { $gt: page.after } } : {})
    .sort({ _id: 1 })
    .limit(page.limit)
    .lean<StoredAccount[]>();

/** Notes by which retention the account's rows are counted now. */
export async function saveAppliedRetention(db: Database, accountId: AccountId, retention: Retention): Promise<void> {
  await db.model(ACCOUNTS).updateOne({ _id: accountId }, { $set: { appliedRetention: retention } });
}
