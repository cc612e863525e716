import { sentenceOf } from '../../lib/errors';
import type { Logger } from '../../lib/logger';
import type { Database } from '../../store/database';
import { findUnstartedJobs, markJobStarted } from '../../store/jobs';
import { startJob } from '../start-workflows';
import type { Engine } from '../temporal-client';

const SWEEP_MS = 1000;

/** Starts the workflow of every job that was ordered, within about a second. Two pumps may try: the second finds it started. */
export function startJobs(parts: { db: Database; engine: Engine; logger: Logger }): { stop(): Promise<void> } {
  const { db, engine, logger } = parts;
  let sweeping = Promise.resolve();
  const sweep = async (): Promise<void> => {
    for (const job of await findUnstartedJobs(db)) {
      await startJob(engine, job);
      await markJobStarted(db, job._id);
    }
  };
  const timer = setInterval(() => {
    sweeping = sweeping
      .then(sweep)
      .catch((error: unknown) => logger.warn({ error: sentenceOf(error) }, 'jobs not started; trying again'));
  }, SWEEP_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await sweeping;
    },
  };
}
