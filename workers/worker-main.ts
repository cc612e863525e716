import { loadConfig, requireSettings } from '../lib/config';
import { openLifecycle, runProcess, untilSignal } from '../lib/lifecycle';
import { openLogger } from '../lib/logger';
import { openMailer } from '../lib/outbound/mailer';
import { openKeyRing } from '../lib/secrets/key-ring';
import { buildDataConverter } from '../lib/secrets/payload-codec';
import { checkSecretKeys } from '../store/check-secret-keys';
import { openDatabase } from '../store/database';
import { installRuntime } from './install-runtime';
import { openActivities } from './open-activities';
import { engineSettings } from './open-engine';
import { connectWorkers, startWorkers } from './open-workers';
import { buildEngine } from './temporal-client';
import { WORKFLOW_BUNDLE } from './workflow-bundle';

/** The process that runs workflows and sends webhooks. */
async function main(): Promise<void> {
  const config = requireSettings(loadConfig(), 'MONGODB_URL', 'TEMPORAL_ADDRESS', 'SECRET_KEYS');
  const logger = openLogger(config.LOG_LEVEL, 'worker');
  const life = openLifecycle(logger);
  installRuntime(logger);

  const db = await openDatabase(config.MONGODB_URL);
  life.onClose('database', () => db.close());
  const keys = openKeyRing(config.SECRET_KEYS);
  await checkSecretKeys(db, keys);
  const connection = await connectWorkers(config.TEMPORAL_ADDRESS);
  life.onClose('engine', () => connection.close());
  const engine = buildEngine(connection, engineSettings(config, true));
  const { activities, close } = openActivities({
    db,
    engine,
    keys,
    logger,
    allow: config.WEBHOOK_ALLOWED_ADDRESSES,
    mailer: openMailer(config),
    onEvents: () => undefined,
  });
  life.onClose('activities', close);
  const workers = await startWorkers({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    dataConverter: buildDataConverter(keys),
    queues: engine.queues,
    activities,
    workflowBundlePath: WORKFLOW_BUNDLE,
    webhookSlots: config.WEBHOOK_SLOTS,
    workflowCache: config.WORKFLOW_CACHE,
    logger,
  });
  life.onClose('workers', () => workers.stop());

  logger.info('worker runs');
  const signal = await Promise.race([untilSignal(), workers.done]);
  logger.info({ signal }, 'worker stops');
  await life.close();
}

runProcess(main);
