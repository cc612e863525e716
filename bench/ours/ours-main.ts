import { NativeConnection } from '@temporalio/worker';
import { buildApp } from '../../api/build-app';
import { listen } from '../../api/listen';
import { choosePort } from '../../embedded/choose-port';
import { loadConfig, requireSettings } from '../../lib/config';
import { openLifecycle, untilSignal } from '../../lib/lifecycle';
import { openLogger } from '../../lib/logger';
import { openKeyRing } from '../../lib/secrets/key-ring';
import { buildDataConverter } from '../../lib/secrets/payload-codec';
import { openDatabase, transaction } from '../../store/database';
import { appendRecordFacts } from '../../store/records';
import { installRuntime } from '../../workers/install-runtime';
import { openActivities } from '../../workers/open-activities';
import { engineSettings } from '../../workers/open-engine';
import { openPump } from '../../workers/open-pump';
import { startWorkers } from '../../workers/open-workers';
import { buildEngine } from '../../workers/temporal-client';
import { WORKFLOW_BUNDLE } from '../../workers/workflow-bundle';
import { serveParent } from '../child';
import { isStation, type Question, type Station } from './question';

/** API, pump and workers in one process, composed as `npm start` does, on servers that are given. */
async function main(): Promise<void> {
  const first = (process.argv[2] ?? '').split(',').filter(isStation);
  const config = requireSettings(loadConfig(), 'MONGODB_URL', 'TEMPORAL_ADDRESS', 'API_KEY_PEPPER', 'SECRET_KEYS');
  const logger = openLogger(config.LOG_LEVEL, 'bench');
  const life = openLifecycle(logger);
  installRuntime(logger);
  const db = await openDatabase(config.MONGODB_URL);
  life.onClose('database', () => db.close());
  const keys = openKeyRing(config.SECRET_KEYS);
  const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
  life.onClose('engine', () => connection.close());
  const engine = buildEngine(connection, engineSettings(config, first.includes('workers')));
  const nudge: { pump?: () => void } = {};
  const onEvents = () => nudge.pump?.();
  const allow = [...config.WEBHOOK_ALLOWED_ADDRESSES, '127.0.0.0/8', '::1/128'];
  const { activities, versions, close } = openActivities({ db, engine, keys, logger, allow, onEvents });
  life.onClose('activities', close);
  const port = await choosePort(0);
  const publicUrl = `http://127.0.0.1:${port}`;

  const open: Record<Station, () => Promise<void>> = {
    workers: async () => {
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
    },
    pump: async () => {
      const pump = openPump({ db, engine, versions, logger, config });
      nudge.pump = pump.nudge;
      life.onClose('pump', () => pump.stop());
    },
    api: async () => {
      const pepper = config.API_KEY_PEPPER;
      const parts = { db, engine, logger, pepper, keys, codecToken: null, publicUrl, allow, onEvents };
      const app = buildApp({ ...parts, ontraportCallsPerMinute: config.ONTRAPORT_REQUESTS_PER_MINUTE });
      life.onClose('api', await listen(app, { host: '127.0.0.1', port }));
    },
  };
  for (const station of first) await open[station]();
  serveParent({ url: publicUrl }, async (question: Question) => {
    if (question.kind === 'open') return open[question.station]();
    const { accountId, recordId, name, data } = question;
    const facts = [{ type: 'custom' as const, name, data }];
    await transaction(db, (session) => appendRecordFacts(db, session, { accountId, recordId, facts, hops: 0 }));
    onEvents();
  });
  await untilSignal();
  await life.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(String(error));
    process.exit(1);
  },
);
