import { join } from 'node:path';
import { Agent, request } from 'undici';
import { setUp } from '../../cli/set-up';
import { type Config, loadConfig } from '../../lib/config';
import { newSecret } from '../../lib/ids';
import { newSecretKey, parseSecretKeys } from '../../lib/secrets/parse-keys';
import type { AccountId } from '../../schemas/ids';
import { bootstrapAccount } from '../../store/bootstrap-account';
import { type Database, openDatabase } from '../../store/database';
import { type Child, startChild } from '../child';
import type { Receiver } from '../open-receiver';
import type { Servers } from '../open-servers';
import type { Job, Target } from '../target';
import { type Amounts, eventNameOf, prepareWork } from './prepare-work';
import type { Question, Station } from './question';

/** Ours as a target, with its account filled. */
export interface Ours extends Target {
  accountId: AccountId;
  /** By which its Temporal payloads are sealed */
  secretKeys: NonNullable<Config['SECRET_KEYS']>;
  jobs: Job[];
  db: Database;
  profileDir: string;
  /** Opens one more station of the running process */
  open(station: Station): Promise<void>;
}

/** @param inject `api` posts to `/v1/events`; `store` hands events past the API, to see what it costs */
export async function openOurs(
  servers: Servers,
  receiver: Receiver,
  options: Amounts & { inject: 'api' | 'store' },
): Promise<Ours> {
  const pepper = newSecret();
  const secretKeys = newSecretKey('bench');
  const db = await openDatabase(servers.mongodbUrl);
  const config = {
    ...loadConfig(),
    TEMPORAL_ADDRESS: servers.temporalAddress,
    TEMPORAL_NAMESPACE: 'default',
    SECRET_KEYS: parseSecretKeys(secretKeys).keys ?? [],
  } satisfies Config;
  await setUp(db, config);
  const { account, apiKey } = await bootstrapAccount(db, { name: 'Bench', pepper, allowHttp: true });
  const jobs = await prepareWork(db, { ...options, accountId: account._id, receiverUrl: receiver.url });
  const profileDir = join(servers.dataDir, 'profile');
  const agent = new Agent({ connections: 64, pipelining: 1, keepAliveTimeout: 60_000 });
  const headers = { 'content-type': 'application/json', 'api-key': apiKey, 'api-appid': account.appId };
  let child: Child | undefined;

  const post = async (job: Job): Promise<void> => {
    if (!child) throw new Error('not started');
    const data = {
      at: String(job.repeat?.at ?? performance.timeOrigin + performance.now()),
      order: 'A-100042',
      total: '129.90',
    };
    const event = { recordId: job.key, name: eventNameOf(job.map), data };
    if (options.inject === 'store')
      return child.ask({ ...event, kind: 'event', accountId: account._id } satisfies Question);
    const response = await request(`${String(child.ready.url)}/v1/events`, {
      method: 'POST',
      dispatcher: agent,
      headers: job.repeat ? { ...headers, 'idempotency-key': job.repeat.key } : headers,
      body: JSON.stringify(event),
    });
    const text = await response.body.text();
    if (response.statusCode >= 300) throw new Error(`${response.statusCode}: ${text}`);
  };

  return {
    name: 'ours',
    accountId: account._id,
    secretKeys: config.SECRET_KEYS,
    jobs,
    db,
    profileDir,
    pid: () => child?.pid ?? 0,
    async start({ isProfiled = false, stations = 'workers,pump,api' } = {}) {
      child = await startChild(join(__dirname, 'ours-main.js'), {
        args: [stations],
        env: {
          MONGODB_URL: servers.mongodbUrl,
          TEMPORAL_ADDRESS: servers.temporalAddress,
          TEMPORAL_NAMESPACE: 'default',
          TASK_QUEUE_PREFIX: '',
          API_KEY_PEPPER: pepper,
          SECRET_KEYS: secretKeys,
          LOG_LEVEL: 'error',
        },
        execArgv: isProfiled ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`] : [],
      });
    },
    post,
    async open(station) {
      await child?.ask({ kind: 'open', station } satisfies Question);
    },
    async kill() {
      await child?.end('SIGKILL');
    },
    async stop() {
      await child?.end('SIGTERM');
    },
    async close() {
      await agent.close();
      await db.close();
    },
  };
}
