import { openVersionCache } from '../../activities/version-cache';
import { newSecret } from '../../lib/ids';
import { openListenerIndex } from '../../workers/dispatch/listener-index';
import { type Pump, startPump } from '../../workers/dispatch/pump';
import { openShares, type Shares } from '../../workers/dispatch/shares';
import type { TestSystem } from './open-system';

/** One more pump on a system, without a change stream: it sweeps every second and when it is nudged. */
export function openTestPump(
  system: Pick<TestSystem, 'db' | 'engine' | 'logger'>,
  options: { concurrency?: number; retryBaseMs?: number } = {},
): Pump & { shares: Shares } {
  const { db, engine, logger } = system;
  const shares = openShares(db, newSecret());
  const pump = startPump({
    db,
    engine,
    logger,
    versions: openVersionCache(db),
    index: openListenerIndex(db),
    shares,
    concurrency: options.concurrency ?? 16,
    ...(options.retryBaseMs === undefined ? {} : { retryBaseMs: options.retryBaseMs }),
  });
  return { ...pump, shares };
}
