import { loadConfig, requireSettings } from '../lib/config';
import { openLifecycle, runProcess, untilSignal } from '../lib/lifecycle';
import { openLogger } from '../lib/logger';
import { openKeyRing } from '../lib/secrets/key-ring';
import { checkSecretKeys } from '../store/check-secret-keys';
import { openDatabase } from '../store/database';
import { openEngine } from '../workers/open-engine';
import { buildApp } from './build-app';
import { listen } from './listen';

/** The process that answers HTTP requests. */
async function main(): Promise<void> {
  const config = requireSettings(loadConfig(), 'MONGODB_URL', 'TEMPORAL_ADDRESS', 'API_KEY_PEPPER', 'SECRET_KEYS');
  const logger = openLogger(config.LOG_LEVEL, 'api');
  const life = openLifecycle(logger);

  const db = await openDatabase(config.MONGODB_URL);
  life.onClose('database', () => db.close());
  const keys = openKeyRing(config.SECRET_KEYS);
  await checkSecretKeys(db, keys);
  const { engine, close } = openEngine(config);
  life.onClose('engine', close);
  const { HOST: host, PORT: port, API_KEY_PEPPER: pepper } = config;
  const codecToken = config.CODEC_TOKEN ?? null;
  const publicUrl = (config.PUBLIC_URL ?? `http://${host}:${port}`).replace(/\/+$/, '');
  // The pump is another process: it learns of events from the database.
  const allow = config.WEBHOOK_ALLOWED_ADDRESSES;
  const { ONTRAPORT_REQUESTS_PER_MINUTE: ontraportCallsPerMinute, TRUSTED_PROXIES: trustedProxies } = config;
  const onEvents = (): void => undefined;
  const app = buildApp({
    db,
    engine,
    logger,
    pepper,
    keys,
    codecToken,
    publicUrl,
    allow,
    ontraportCallsPerMinute,
    trustedProxies,
    onEvents,
  });
  life.onClose('api', await listen(app, { host, port }));

  logger.info({ host, port }, 'api listens');
  logger.info({ signal: await untilSignal() }, 'api stops');
  await life.close();
}

runProcess(main);
