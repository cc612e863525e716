import { AppError } from '../lib/errors';
import type { AccountId } from '../schemas/ids';

const ACCOUNT_MAX = 10;
/** Each live tail holds a connection to MongoDB while it waits; requests need the rest of the pool. */
const PROCESS_MAX = 50;

/** Bounds the live tails of a process. */
export interface LivePlaces {
  /**
   * Takes a place.
   *
   * @returns gives it back
   * @throws AppError `live.too-many`
   */
  take(accountId: AccountId): () => void;
}

/** 10 places for each account, 50 in all. */
export function openLivePlaces(): LivePlaces {
  const taken = new Map<AccountId, number>();
  let all = 0;
  const add = (accountId: AccountId, by: 1 | -1): void => {
    const count = (taken.get(accountId) ?? 0) + by;
    if (count === 0) taken.delete(accountId);
    else taken.set(accountId, count);
    all += by;
  };
  return {
    take(accountId) {
      if (all >= PROCESS_MAX || (taken.get(accountId) ?? 0) >= ACCOUNT_MAX) throw new AppError('live.too-many');
      add(accountId, 1);
      return () => add(accountId, -1);
    },
  };
}
