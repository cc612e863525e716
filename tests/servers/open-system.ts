import type { DataConverter } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { NativeConnection } from '@temporalio/worker';
import { newSecret } from '../../lib/ids';
import { type Logger, openLogger } from '../../lib/logger';
import { openMailer } from '../../lib/outbound/mailer';
import { type KeyRing, openKeyRing } from '../../lib/secrets/key-ring';
import { parseSecretKeys } from '../../lib/secrets/parse-keys';
import { buildDataConverter } from '../../lib/secrets/payload-codec';
import { bootstrapAccount, type NewAccount } from '../../store/bootstrap-account';
import { type Database, openDatabase } from '../../store/database';
import { createIndexes } from '../../store/indexes';
import type { Pump } from '../../workers/dispatch/pump';
import { openActivities } from '../../workers/open-activities';
import { openPump } from '../../workers/open-pump';
import { startWorkers } from '../../workers/open-workers';
import { setQueueLimits } from '../../workers/set-queue-limits';
import { buildEngine, type Engine } from '../../workers/temporal-client';
import { quietRuntime } from './quiet-runtime';

/** Everything but the API in this process, on the servers of the run, in a database and on task queues of its own. */
export interface TestSystem {
  db: Database;
  engine: Engine;
  keys: KeyRing;
  pump: Pump;
  account: NewAccount;
  logger: Logger;
  /** Name of the database, address included */
  mongodbUrl: string;
  prefix: string;
  close(): Promise<void>;
}

export const PEPPER = 'a pepper for tests, thirty-two characters long';

/** The setting `SECRET_KEYS` of all tests */
export const SECRET_KEYS = `test:${Buffer.alloc(32, 'tests').toString('base64')}`;
export const testKeys = (text = SECRET_KEYS): KeyRing => openKeyRing(parseSecretKeys(text).keys ?? []);
/** How all tests encrypt what goes to Temporal. */
export const testConverter = (): DataConverter => buildDataConverter(testKeys());

/** The URL of a database on the run's MongoDB. */
export const databaseUrl = (name: string, server = process.env.TEST_MONGODB_URL ?? ''): string => {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
};

/** A short name that no other test file of this run has. */
export const uniqueName = (): string =>
  `t${newSecret()
    .replace(/[^a-z0-9]/gi, '')
    .slice(0, 12)
    .toLowerCase()}`;

/** The setting `MAIL_FROM` of all tests */
export const MAIL_FROM = 'Hookline <no-reply@hookline.example>';

export const LOOPBACK = ['127.0.0.0/8'];

export interface SystemOptions {
  /** false leaves out pump and workers: events and workflows then wait */
  isWorking?: boolean;
  /** false leaves out the workers only: the tests start processes of their own */
  hasWorkers?: boolean;
  logLevel?: string;
  concurrency?: number;
  /** Another MongoDB than the run's */
  mongodbUrl?: string;
  /** Another Temporal than the run's */
  temporalAddress?: string;
  /** Private address ranges that webhooks may reach: loopback over IPv4 unless given */
  allow?: string[];
  /** Where e-mail goes: the inbox unless given */
  smtpUrl?: string;
  /** The setting `SECRET_KEYS`, when it is to be another than that of all tests */
  secretKeys?: string;
  /** How payloads are made, when not encrypted as usual */
  dataConverter?: DataConverter;
  /** Of Temporal's Web UI, for links and for who may ask for payloads */
  uiUrl?: string;
  /** The database stays when it is closed, for who looks at its files */
  isKept?: boolean;
  /** A server that skips time: it has no rate limits, and its client moves the clock */
  timeSkipping?: TestWorkflowEnvironment;
}

/** Opens the system; `close` ends all of it and drops the database. */
export async function openSystem(options: SystemOptions = {}): Promise<TestSystem> {
  const name = uniqueName();
  const prefix = `${name}-`;
  const mongodbUrl = databaseUrl(name, options.mongodbUrl);
  const logger = openLogger(options.logLevel ?? 'silent', 'test');
  quietRuntime();
  const db = await openDatabase(mongodbUrl);
  await createIndexes(db);
  const account = await bootstrapAccount(db, { name: 'Test', pepper: PEPPER, allowHttp: true });
  const address = options.temporalAddress ?? options.timeSkipping?.address ?? process.env.TEST_TEMPORAL_ADDRESS ?? '';
  const connection = await NativeConnection.connect({ address });
  const isEager = !options.timeSkipping;
  const keys = testKeys(options.secretKeys);
  const dataConverter = options.dataConverter ?? buildDataConverter(keys);
  const engine = buildEngine(connection, {
    namespace: 'default',
    taskQueuePrefix: prefix,
    uiUrl: options.uiUrl,
    isEager,
    dataConverter,
  });
  if (options.timeSkipping) engine.client = options.timeSkipping.client;
  else await setQueueLimits(engine);
  let pump: Pump | undefined;
  const { activities, versions, close } = openActivities({
    db,
    engine,
    keys,
    logger,
    allow: options.allow ?? LOOPBACK,
    mailer: openMailer({ SMTP_URL: options.smtpUrl, MAIL_FROM }),
    onEvents: () => pump?.nudge(),
  });
  const isWorking = options.isWorking ?? true;
  const workers =
    isWorking && (options.hasWorkers ?? true)
      ? await startWorkers({
          connection,
          namespace: 'default',
          dataConverter,
          queues: engine.queues,
          activities,
          workflowBundlePath: process.env.TEST_WORKFLOW_BUNDLE ?? '',
          webhookSlots: 100,
          workflowCache: 200,
          logger,
        })
      : undefined;
  pump = isWorking
    ? openPump({ db, engine, versions, logger, config: { PUMP_STARTS: options.concurrency ?? 16 } })
    : undefined;
  return {
    db,
    engine,
    keys,
    pump: pump ?? { nudge: () => undefined, stop: async () => undefined },
    account,
    logger,
    mongodbUrl,
    prefix,
    async close() {
      await pump?.stop();
      await workers?.stop();
      await close();
      await connection.close();
      if (!options.isKept) await db.connection.dropDatabase();
      await db.close();
    },
  };
}
