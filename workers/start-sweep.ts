import { monotonicMs, now, pause } from '../lib/clock';
import { sentenceOf } from '../lib/errors';
import { newSecret } from '../lib/ids';
import type { Logger } from '../lib/logger';
import type { Database } from '../store/database';
import { claimLease, insertLeases } from '../store/leases';

const LOOK_MS = 60_000;

/**
 * Does a thing now and again, in one process of all that run this.
 *
 * @param of.lease   name of the lease; its owner alone sweeps
 * @param of.everyMs at least this long between two sweeps
 * @param of.sweep   repeating it must change nothing; what it returns is logged
 */
export function startSweep(
  db: Database,
  logger: Logger,
  of: { lease: string; what: string; everyMs: number; sweep(at: Date, signal: AbortSignal): Promise<object> },
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await insertLeases(db, [of.lease]);
        // An owner for each try: the lease is free again only when its time is over.
        if (await claimLease(db, { name: of.lease, owner: newSecret(), forMs: of.everyMs })) {
          const startedMs = monotonicMs();
          const swept = await of.sweep(now(), stopping.signal);
          logger.info({ ...swept, ms: Math.round(monotonicMs() - startedMs) }, `${of.what} swept`);
        }
      } catch (error) {
        logger.warn({ error: sentenceOf(error) }, `${of.what} not swept; again when it is due`);
      }
      await pause(LOOK_MS, stopping.signal);
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
