import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newSecret } from '../lib/ids';
import { newSecretKey } from '../lib/secrets/parse-keys';
import { type KeptAccount, localAccountSchema } from '../schemas/local-account';
import { findAccountByAppId } from '../store/accounts';
import { bootstrapAccount } from '../store/bootstrap-account';
import type { Database } from '../store/database';

/** What `npm start` keeps of its account, so that the next start and `npm run demo` find it. */
export interface LocalAccount {
  apiKey: string;
  appId: string;
  inboxToken: string;
  isNew: boolean;
}

const fileOf = (dataDir: string): string => join(dataDir, 'hookline.json');

/** What is kept in the data folder; null before the first start. */
export function readLocal(dataDir: string): KeptAccount | null {
  const file = fileOf(dataDir);
  return existsSync(file) ? localAccountSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : null;
}

/** Secrets that are made at the first start. */
type KeptSecrets = { secretKeys: string; codecToken: string };

/** Adds to what is kept, and makes the secrets that are missing; only the owner may read the file. */
export function keepLocal(dataDir: string, more: Partial<KeptAccount>): KeptAccount & KeptSecrets {
  mkdirSync(dataDir, { recursive: true });
  const kept = {
    pepper: `${newSecret()}${newSecret()}`,
    secretKeys: newSecretKey(`local-${newSecret().slice(0, 6)}`),
    codecToken: newSecret(),
    ...readLocal(dataDir),
    ...more,
  } as KeptAccount & KeptSecrets;
  writeFileSync(fileOf(dataDir), `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
  chmodSync(fileOf(dataDir), 0o600);
  return kept;
}

/** The account of this data folder; made at the first start, or when the database does not know it. */
export async function openLocalAccount(db: Database, dataDir: string, pepper: string): Promise<LocalAccount> {
  const kept = readLocal(dataDir);
  const known = kept?.appId ? await findAccountByAppId(db, kept.appId) : null;
  if (known && kept?.apiKey)
    return { apiKey: kept.apiKey, appId: known.appId, inboxToken: known.inboxToken, isNew: false };
  const { account, apiKey } = await bootstrapAccount(db, { name: 'My account', pepper, allowHttp: true });
  const { appId, inboxToken } = account;
  keepLocal(dataDir, { apiKey, appId, inboxToken });
  return { apiKey, appId, inboxToken, isNew: true };
}
