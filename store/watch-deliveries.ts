import { monotonicMs } from '../lib/clock';
import type { StoredDelivery } from '../schemas/delivery';
import type { LiveFilter } from '../schemas/delivery-filter';
import type { AccountId } from '../schemas/ids';
import type { Database } from './database';
import { DELIVERIES } from './deliveries';
import { conditionsOf } from './delivery-filter';

const AWAIT_MS = 500;

/** A row as it is after a change, or null when there was none for a while; `token` is where to go on from. */
export interface WatchedDelivery {
  row: StoredDelivery | null;
  token: string;
}

/**
 * Tells of every change of the account's rows, by whichever process, from now on or from a token on. First of all it
 * tells where it begins. A row is told as it is when it is read, so the same state may come twice.
 *
 * @param at.after  a token of an earlier watch
 * @param at.idleMs after so many milliseconds without a change it tells how far it came
 * @throws MongoDB's errors, also for a token that is none or too old
 */
export async function* watchDeliveries(
  db: Database,
  accountId: AccountId,
  filter: LiveFilter,
  at: { after: string | undefined; idleMs: number; signal: AbortSignal },
): AsyncGenerator<WatchedDelivery, void, void> {
  const $match = {
    operationType: { $in: ['insert', 'update', 'replace'] },
    'fullDocument.accountId': accountId,
    // What retention does to a row is no news of the delivery.
    'updateDescription.updatedFields.expireAt': { $exists: false },
    'updateDescription.updatedFields.bodiesRemovedAt': { $exists: false },
    ...conditionsOf(filter, 'fullDocument.'),
  };
  const stream = db.model(DELIVERIES).collection.watch<StoredDelivery>([{ $match }], {
    fullDocument: 'updateLookup',
    maxAwaitTimeMS: AWAIT_MS,
    ...(at.after === undefined ? {} : { resumeAfter: { _data: at.after } }),
  });
  const close = (): void => void stream.close().catch(() => undefined);
  at.signal.addEventListener('abort', close, { once: true });
  const tokenOf = (token: unknown): string => String((token as { _data?: unknown } | null)?._data ?? '');
  try {
    let toldMs = Number.NEGATIVE_INFINITY;
    while (!at.signal.aborted && !stream.closed) {
      const change = await stream.tryNext();
      const row = change && 'fullDocument' in change ? change.fullDocument : undefined;
      if (!row && monotonicMs() - toldMs < at.idleMs) continue;
      yield { row: row ?? null, token: tokenOf(change?._id ?? stream.resumeToken) };
      toldMs = monotonicMs();
    }
  } catch (error) {
    if (!at.signal.aborted) throw error;
  } finally {
    at.signal.removeEventListener('abort', close);
    await stream.close().catch(() => undefined);
  }
}
