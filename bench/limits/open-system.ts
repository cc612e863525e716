import { join } from 'node:path';
import type { Caller } from '../../cli/api-client';
import { setUp } from '../../cli/set-up';
import { type Config, loadConfig } from '../../lib/config';
import { newSecret } from '../../lib/ids';
import { newSecretKey, parseSecretKeys } from '../../lib/secrets/parse-keys';
import type { AccountId } from '../../schemas/ids';
import { bootstrapAccount } from '../../store/bootstrap-account';
import { type Database, openDatabase } from '../../store/database';
import { openEngine } from '../../workers/open-engine';
import type { Engine } from '../../workers/temporal-client';
import { type Child, startChild } from '../child';
import { openReceiver, type Receiver } from '../open-receiver';
import { openServers, type Servers } from '../open-servers';
import { spawnWorker, type WorkerProcess } from './spawn-worker';

/** Everything of a run: the servers, the receiver, one process with API and pump, and two workers. */
export interface LimitsSystem {
  servers: Servers;
  receiver: Receiver;
  db: Database;
  engine: Engine;
  accountId: AccountId;
  caller: Caller;
  app: Child;
  workers: [WorkerProcess, WorkerProcess];
  spawnWorker(): Promise<WorkerProcess>;
  close(): Promise<void>;
}

/** Opens all of it on free ports, with an empty account. */
export async function openSystem(): Promise<LimitsSystem> {
  const servers = await openServers(loadConfig());
  const receiver = await openReceiver();
  const db = await openDatabase(servers.mongodbUrl);
  const secretKeys = newSecretKey('bench');
  const config = {
    ...loadConfig(),
    TEMPORAL_ADDRESS: servers.temporalAddress,
    TEMPORAL_NAMESPACE: 'default',
    TASK_QUEUE_PREFIX: '',
    SECRET_KEYS: parseSecretKeys(secretKeys).keys ?? [],
  } satisfies Config;
  await setUp(db, config);
  const pepper = newSecret();
  const { account, apiKey } = await bootstrapAccount(db, { name: 'Bench', pepper, allowHttp: true });
  const { engine, close: closeEngine } = openEngine(config);
  const env = {
    MONGODB_URL: servers.mongodbUrl,
    TEMPORAL_ADDRESS: servers.temporalAddress,
    TEMPORAL_NAMESPACE: 'default',
    TASK_QUEUE_PREFIX: '',
    API_KEY_PEPPER: pepper,
    SECRET_KEYS: secretKeys,
    WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.0/8',
    LOG_LEVEL: 'error',
  };
  const app = await startChild(join(__dirname, '..', 'ours', 'ours-main.js'), { args: ['pump,api'], env });
  const spawn = () => spawnWorker(env);
  const workers: [WorkerProcess, WorkerProcess] = [await spawn(), await spawn()];
  return {
    servers,
    receiver,
    db,
    engine,
    accountId: account._id,
    caller: { address: String(app.ready.url), apiKey, appId: account.appId },
    app,
    workers,
    spawnWorker: spawn,
    async close() {
      await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
      await app.end('SIGKILL');
      await Promise.all([closeEngine(), db.close(), receiver.close()]);
      await servers.close();
    },
  };
}
