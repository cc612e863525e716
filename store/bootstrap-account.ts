import { now } from '../lib/clock';
import { hashKey, newId, newSecret } from '../lib/ids';
import { RETENTION_DEFAULT, type StoredAccount } from '../schemas/account';
import { saveAccount } from './accounts';
import { type Database, transaction } from './database';
import { saveKey } from './keys';
import { nextNumber } from './numbers';
import { saveBuiltInObjectTypes } from './object-types';

/** A new account with its first API key, which is shown this once. */
export interface NewAccount {
  account: StoredAccount;
  apiKey: string;
}

/** Creates an account with the built-in object types and a key. @param given.pepper keys the hash of the key */
export async function bootstrapAccount(
  db: Database,
  given: { name: string; pepper: string; allowHttp: boolean },
): Promise<NewAccount> {
  const apiKey = `hk_${newSecret()}`;
  const account: StoredAccount = {
    _id: newId('account'),
    name: given.name,
    number: await nextNumber(db, 'all', 'accounts'),
    appId: `app_${newSecret().slice(0, 16)}`,
    inboxToken: newSecret(),
    settings: { allowHttp: given.allowHttp, retention: RETENTION_DEFAULT },
    createdAt: now(),
  };
  const key = {
    _id: newId('key'),
    accountId: account._id,
    name: 'first key',
    hash: hashKey(apiKey, given.pepper),
    hint: apiKey.slice(-4),
    createdAt: now(),
  };
  return transaction(db, async (session) => {
    await saveAccount(db, session, account);
    await saveBuiltInObjectTypes(db, session, account._id);
    await saveKey(db, session, key);
    return { account, apiKey };
  });
}
