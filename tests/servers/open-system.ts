import { NativeConnection } from '@temporalio/worker';
import { newSecret } from '../../lib/ids';
import { type Logger, openLogger } from '../../lib/logger';
import { bootstrapAccount, type NewAccount } from '../../store/bootstrap-account';
import { type Database, openDatabase } from '../../store/database';
import { createIndexes } from '../../store/indexes';
import type { Pump } from '../../workers/dispatch/pump';
import { openActivities } from '../../workers/open-activities';
import { openPump } from '../../workers/open-pump';
import { startWorkers } from '../../workers/open-workers';
import { setQueueLimits } from '../../workers/set-queue-limits';
import { buildEngine, type Engine } from '../../workers/temporal-client';

/** Everything but the API in this process, on the servers of the run, in a database and on task queues of its own. */
export interface TestSystem {
  db: Database;
  engine: Engine;
  pump: Pump;
  account: NewAccount;
  logger: Logger;
  /** Name of the database, address included */
  mongodbUrl: string;
  prefix: string;
  close(): Promise<void>;
}

export const PEPPER = 'a pepper for tests, thirty-two characters long';

/** The URL of a database on the run's MongoDB. */
export const databaseUrl = (name: string): string => {
  const url = new URL(process.env.TEST_MONGODB_URL ?? '');
  url.pathname = `/${name}`;
  return url.href;
};

/** A short name that no other test file of this run has. */
export const uniqueName = (): string =>
  `t${newSecret()
    .replace(/[^a-z0-9]/gi, '')
    .slice(0, 12)
    .toLowerCase()}`;

/** @param options.isWorking false leaves out pump and workers: events and workflows then wait */
export async function openSystem(
  options: { isWorking?: boolean; logLevel?: string; concurrency?: number } = {},
): Promise<TestSystem> {
  const name = uniqueName();
  const prefix = `${name}-`;
  const mongodbUrl = databaseUrl(name);
  const logger = openLogger(options.logLevel ?? 'silent', 'test');
  const db = await openDatabase(mongodbUrl);
  await createIndexes(db);
  const account = await bootstrapAccount(db, { name: 'Test', pepper: PEPPER, allowHttp: true });
  const connection = await NativeConnection.connect({ address: process.env.TEST_TEMPORAL_ADDRESS ?? '' });
  const engine = buildEngine(connection, {
    namespace: 'default',
    taskQueuePrefix: prefix,
    uiUrl: undefined,
    isEager: true,
  });
  await setQueueLimits(engine);
  let pump: Pump | undefined;
  const { activities, versions, close } = openActivities({
    db,
    logger,
    allow: ['127.0.0.0/8'],
    onEvents: () => pump?.nudge(),
  });
  const isWorking = options.isWorking ?? true;
  const workers = isWorking
    ? await startWorkers({
        connection,
        namespace: 'default',
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
      await db.connection.dropDatabase();
      await db.close();
    },
  };
}
