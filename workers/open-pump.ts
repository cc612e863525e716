import type { VersionCache } from '../activities/version-cache';
import type { Config } from '../lib/config';
import { newSecret } from '../lib/ids';
import type { Logger } from '../lib/logger';
import type { Database } from '../store/database';
import { watchEvents } from '../store/watch-events';
import { keepDateSchedules } from './dates/keep-schedules';
import { openListenerIndex } from './dispatch/listener-index';
import { type Pump, startPump } from './dispatch/pump';
import { openShares } from './dispatch/shares';
import { startJobs } from './dispatch/start-jobs';
import { tellTurns } from './tell-turns';
import type { Engine } from './temporal-client';

/** A pump that is nudged by every event that any process writes, and sweeps every second. */
export function openPump(parts: {
  db: Database;
  engine: Engine;
  versions: VersionCache;
  logger: Logger;
  config: Pick<Config, 'PUMP_STARTS'>;
}): Pump {
  const { db, engine, versions, logger } = parts;
  const index = openListenerIndex(db);
  const pump = startPump({
    db,
    engine,
    versions,
    logger,
    index,
    shares: openShares(db, newSecret()),
    concurrency: parts.config.PUMP_STARTS,
  });
  const jobs = startJobs({ db, engine, logger });
  const turns = tellTurns({ db, engine, logger });
  const schedules = keepDateSchedules({ db, engine, index, logger });
  const watch = watchEvents(db, {
    onEvent: pump.nudge,
    onError: (error) => logger.warn({ error: String(error) }, 'change stream lost; sweeping'),
  });
  return {
    nudge: pump.nudge,
    async stop() {
      await jobs.stop();
      await turns.stop();
      await schedules.stop();
      await watch.close();
      await pump.stop();
    },
  };
}
