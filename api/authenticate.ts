import { monotonicMs } from '../lib/clock';
import { AppError } from '../lib/errors';
import { hashKey, isSameText } from '../lib/ids';
import type { StoredAccount, StoredKey } from '../schemas/account';
import type { KeyId } from '../schemas/ids';
import { findAccount } from '../store/accounts';
import type { Database } from '../store/database';
import { findKeyByHash } from '../store/keys';

const CACHED_MS = 10_000;
const CACHED_MAX = 1000;

/** Who calls. */
export interface Caller {
  account: StoredAccount;
  key: StoredKey;
}

/** Knows callers by `Api-Key` and `Api-Appid`. */
export interface Authenticator {
  /** @throws AppError `key.invalid` unless both belong together */
  authenticate(apiKey: string | undefined, appId: string | undefined): Promise<Caller>;
  /** A key that was deleted is refused from now on in this process, and within 10 s in every other */
  forget(keyId: KeyId): void;
}

/** @param pepper keys the hashes under which API keys are stored */
export function openAuthenticator(db: Database, pepper: string): Authenticator {
  const cached = new Map<string, Caller & { untilMs: number }>();
  /** Raised by `forget`, so that a lookup under way does not bring back what was deleted meanwhile */
  let forgotten = 0;

  const find = async (hash: string): Promise<Caller | null> => {
    const known = cached.get(hash);
    if (known && known.untilMs > monotonicMs()) return known;
    const before = forgotten;
    const key = await findKeyByHash(db, hash);
    const account = key && (await findAccount(db, key.accountId));
    if (!account) return null;
    if (cached.size >= CACHED_MAX) cached.clear();
    if (before === forgotten) cached.set(hash, { account, key, untilMs: monotonicMs() + CACHED_MS });
    return { account, key };
  };

  return {
    async authenticate(apiKey, appId) {
      if (!apiKey || !appId) throw new AppError('key.invalid');
      const caller = await find(hashKey(apiKey, pepper));
      if (!isSameText(caller?.account.appId ?? '', appId) || !caller) throw new AppError('key.invalid');
      return caller;
    },
    forget(keyId) {
      forgotten++;
      for (const [hash, { key }] of cached) if (key._id === keyId) cached.delete(hash);
    },
  };
}
