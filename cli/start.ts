import { join } from 'node:path';
import { buildApp } from '../api/build-app';
import { listen } from '../api/listen';
import { type HeldPort, holdPort } from '../embedded/choose-port';
import { openServers } from '../embedded/open-servers';
import { NAMESPACE } from '../embedded/temporal-settings';
import { type Config, loadConfig } from '../lib/config';
import { sentenceOf } from '../lib/errors';
import { type Lifecycle, openLifecycle, untilOrphaned, untilSignal } from '../lib/lifecycle';
import { openLogger } from '../lib/logger';
import { openMailer } from '../lib/outbound/mailer';
import { openKeyRing } from '../lib/secrets/key-ring';
import { buildDataConverter } from '../lib/secrets/payload-codec';
import { openDatabase } from '../store/database';
import { installRuntime } from '../workers/install-runtime';
import { openActivities } from '../workers/open-activities';
import { engineSettings } from '../workers/open-engine';
import { openPump } from '../workers/open-pump';
import { connectWorkers, startWorkers } from '../workers/open-workers';
import { startOverdueTasks } from '../workers/overdue-tasks';
import { startRetention } from '../workers/retention';
import { buildEngine } from '../workers/temporal-client';
import { WORKFLOW_BUNDLE } from '../workers/workflow-bundle';
import { importExample } from './import-example';
import { keepLocal, openLocalAccount } from './local-account';
import { type OwnSecrets, openOwnSecrets } from './own-secrets';
import { setUp } from './set-up';
import { showReady } from './show-ready';

const LOOPBACK = ['127.0.0.0/8', '::1/128'];
/** Listened on, these stand for every address of the machine; nobody can be sent to them. */
const ANY_ADDRESS = ['0.0.0.0', '::'];
const say = (line: string): void => console.log(line);

/** Everything in one process, on servers of its own where none are set: what `npm start` does. */
export async function start(): Promise<void> {
  const { LOG_LEVEL, DATA_DIR } = loadConfig();
  const logger = openLogger(LOG_LEVEL, 'hookline', join(DATA_DIR, 'logs', 'hookline.log'));
  const life = openLifecycle(logger);
  try {
    await run(life, logger);
  } finally {
    await life.close();
  }
}

async function run(life: Lifecycle, logger: ReturnType<typeof openLogger>): Promise<void> {
  const stopped = Promise.race([untilSignal(), untilOrphaned()]);
  const settings = loadConfig();
  // The embedded Web UI is told at its start where the API will be.
  const held = await holdPort(settings.PORT);
  const config = await openOwnServers(life, { ...settings, ...openOwnSecrets(settings) }, held);
  const { publicUrl } = config;
  const keys = openKeyRing(config.SECRET_KEYS);
  installRuntime(logger);
  const db = await openDatabase(config.MONGODB_URL);
  life.onClose('database', () => db.close());
  for (const sentence of await setUp(db, config)) say(`Warning: ${sentence}`);
  const account = await openLocalAccount(db, config.DATA_DIR, config.API_KEY_PEPPER);

  const connection = await connectWorkers(config.TEMPORAL_ADDRESS);
  life.onClose('engine', () => connection.close());
  const engine = buildEngine(connection, engineSettings(config, true));
  const nudge: { pump?: () => void } = {};
  const onEvents = () => nudge.pump?.();
  const allow = [...config.WEBHOOK_ALLOWED_ADDRESSES, ...LOOPBACK];
  const mailer = openMailer(config);
  const { activities, versions, close } = openActivities({ db, engine, keys, logger, allow, mailer, onEvents });
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
  const pump = openPump({ db, engine, versions, logger, config });
  nudge.pump = pump.nudge;
  life.onClose('pump', () => pump.stop());
  const retention = startRetention(db, logger);
  life.onClose('retention', () => retention.stop());
  const tasks = startOverdueTasks(db, logger);
  life.onClose('tasks', () => tasks.stop());

  const { API_KEY_PEPPER: pepper, CODEC_TOKEN: codecToken } = config;
  const { ONTRAPORT_REQUESTS_PER_MINUTE: ontraportCallsPerMinute, TRUSTED_PROXIES: trustedProxies } = config;
  const parts = { db, engine, logger, pepper, keys, codecToken, publicUrl, allow, onEvents };
  const app = buildApp({ ...parts, ontraportCallsPerMinute, trustedProxies });
  await held.release();
  life.onClose('api', await listen(app, { host: config.HOST, port: held.port }));
  keepLocal(config.DATA_DIR, { address: publicUrl });
  config.announce(publicUrl);

  const caller = { address: publicUrl, apiKey: account.apiKey, appId: account.appId };
  const imported = await importExample(caller, account.inboxToken).catch((error: unknown) => {
    say(`Warning: the prebuilt map is not there: ${sentenceOf(error)}`);
    return null;
  });
  showReady(say, { caller, account, imported, uiUrl: config.TEMPORAL_UI_URL, dataDir: config.DATA_DIR });
  await Promise.race([stopped, workers.done]);
  say('Stopping: what is under way is finished first (Ctrl+C again stops at once).');
}

type OwnConfig = Config &
  OwnSecrets & {
    MONGODB_URL: string;
    TEMPORAL_ADDRESS: string;
    /** Without a slash at the end */
    publicUrl: string;
    announce(address: string): void;
  };

/** The settings, completed by the servers that this process brings itself. */
async function openOwnServers(life: Lifecycle, config: Config & OwnSecrets, { port }: HeldPort): Promise<OwnConfig> {
  const host = ANY_ADDRESS.includes(config.HOST) ? '127.0.0.1' : config.HOST;
  const publicUrl = (config.PUBLIC_URL ?? `http://${host}:${port}`).replace(/\/+$/, '');
  const servers = await openServers({
    dataDir: config.DATA_DIR,
    cacheDir: config.CACHE_DIR,
    external: {
      ...(config.MONGODB_URL ? { mongodbUrl: config.MONGODB_URL } : {}),
      ...(config.TEMPORAL_ADDRESS ? { temporalAddress: config.TEMPORAL_ADDRESS } : {}),
      ...(config.TEMPORAL_UI_URL ? { temporalUiUrl: config.TEMPORAL_UI_URL } : {}),
    },
    binaries: {
      ...(config.MONGOD_BIN ? { mongod: config.MONGOD_BIN } : {}),
      ...(config.TEMPORAL_BIN ? { temporal: config.TEMPORAL_BIN } : {}),
    },
    ports: { mongodb: config.MONGODB_PORT, temporal: config.TEMPORAL_PORT, temporalUi: config.TEMPORAL_UI_PORT },
    uiCodecEndpoint: `${publicUrl}/codec/${config.CODEC_TOKEN}`,
    onLine: say,
  });
  life.onClose('servers', () => servers.close());
  const url = new URL(servers.mongodbUrl);
  if (url.pathname === '/' || url.pathname === '') url.pathname = '/hookline';
  return {
    ...config,
    MONGODB_URL: url.href,
    TEMPORAL_ADDRESS: servers.temporalAddress,
    TEMPORAL_NAMESPACE: config.TEMPORAL_ADDRESS ? config.TEMPORAL_NAMESPACE : NAMESPACE,
    TEMPORAL_UI_URL: servers.temporalUiUrl,
    publicUrl,
    announce: servers.announce,
  };
}
