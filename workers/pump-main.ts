import { openVersionCache } from '../activities/version-cache';
import { loadConfig, requireSettings } from '../lib/config';
import { openLifecycle, runProcess, untilSignal } from '../lib/lifecycle';
import { openLogger } from '../lib/logger';
import { openDatabase } from '../store/database';
import { openEngine } from './open-engine';
import { openPump } from './open-pump';
import { startOverdueTasks } from './overdue-tasks';
import { startRetention } from './retention';

/** The process that carries events to where they act. */
async function main(): Promise<void> {
  const config = requireSettings(loadConfig(), 'MONGODB_URL', 'TEMPORAL_ADDRESS', 'SECRET_KEYS');
  const logger = openLogger(config.LOG_LEVEL, 'pump');
  const life = openLifecycle(logger);

  const db = await openDatabase(config.MONGODB_URL);
  life.onClose('database', () => db.close());
  const { engine, close } = openEngine(config);
  life.onClose('engine', close);
  const pump = openPump({ db, engine, versions: openVersionCache(db), logger, config });
  life.onClose('pump', () => pump.stop());
  const retention = startRetention(db, logger);
  life.onClose('retention', () => retention.stop());
  const tasks = startOverdueTasks(db, logger);
  life.onClose('tasks', () => tasks.stop());

  logger.info('pump runs');
  logger.info({ signal: await untilSignal() }, 'pump stops');
  await life.close();
}

runProcess(main);
