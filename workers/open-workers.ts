import type { DataConverter } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { Activities } from '../activities';
import type { Logger } from '../lib/logger';
import type { TaskQueues } from './task-queues';

export interface WorkerParts {
  connection: NativeConnection;
  namespace: string;
  /** Decrypts what comes and encrypts what goes; see lib/secrets/payload-codec.ts */
  dataConverter: DataConverter;
  queues: TaskQueues;
  activities: Activities;
  workflowBundlePath: string;
  webhookSlots: number;
  workflowCache: number;
  logger: Logger;
}

/** A worker's connection to Temporal; a client on it starts workflows eagerly. */
export const connectWorkers = (address: string): Promise<NativeConnection> => NativeConnection.connect({ address });

/** Longest that a stopping worker lets its activities finish; a request takes at most 10 s by default. */
const GRACE = { shutdownGraceTime: '20s', shutdownForceTime: '25s' } as const;

/** Connections to the SMTP server at once, of one process. */
const MESSAGE_SLOTS = 10;

/** The four workers of one process, running until they are stopped. */
export interface RunningWorkers {
  /** Rejects when a worker fails */
  done: Promise<void>;
  /** Takes no more tasks and lets those under way finish, at most 25 s */
  stop(): Promise<void>;
}

/**
 * Starts the workers of the four queues: `maps` for workflows, `webhooks`, `webhooks-due` and `messages` for sending.
 * Sending has queues of its own, since an activity on the workflow's queue may be handed over past every rate limit.
 */
export async function startWorkers(parts: WorkerParts): Promise<RunningWorkers> {
  const { connection, namespace, dataConverter, queues, activities } = parts;
  const shared = { connection, namespace, dataConverter, ...GRACE };
  const { sendWebhook, sendMessage, ...immediate } = activities;
  const workers = await Promise.all([
    Worker.create({
      ...shared,
      taskQueue: queues.maps,
      workflowBundle: { codePath: parts.workflowBundlePath },
      activities: immediate,
      maxCachedWorkflows: parts.workflowCache,
    }),
    Worker.create({
      ...shared,
      taskQueue: queues.webhooks,
      activities: { sendWebhook },
      maxConcurrentActivityTaskExecutions: parts.webhookSlots,
    }),
    Worker.create({
      ...shared,
      taskQueue: queues.webhooksDue,
      activities: { sendWebhook },
      maxConcurrentActivityTaskExecutions: parts.webhookSlots,
    }),
    Worker.create({
      ...shared,
      taskQueue: queues.messages,
      activities: { sendMessage },
      maxConcurrentActivityTaskExecutions: MESSAGE_SLOTS,
    }),
  ]);
  const done = Promise.all(workers.map((worker) => worker.run())).then(() => undefined);
  return {
    done,
    async stop() {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await done.catch((error: unknown) => parts.logger.warn({ error: String(error) }, 'worker stopped late'));
    },
  };
}
