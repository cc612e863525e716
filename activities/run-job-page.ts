import { Context } from '@temporalio/activity';
import { AppError } from '../lib/errors';
import type { DeliveryId, JobId, WebhookId } from '../schemas/ids';
import type { ReplayFilter, StoredJob } from '../schemas/job';
import { transaction } from '../store/database';
import { findJob, saveJobPage } from '../store/jobs';
import { findPaces } from '../store/paces';
import { replayDelivery } from '../store/replay-delivery';
import { takeTurn } from '../store/reserve-slot';
import { findOpen, findReplayable, findWaiting } from '../store/waiting-deliveries';
import { setWebhookStatus } from '../store/webhook-status';
import type { Dependencies } from './dependencies';

/** How a page ended. */
export type JobPage = { kind: 'ended' } | { kind: 'more'; waitMs: number; because: string };

const PAGE = 50;
const HEARTBEAT_MS = 2000;
const PAUSED_WAIT_MS = 24 * 3_600_000;
/** A replay puts so much work before a webhook, and waits until half of it is gone; the rest waits in MongoDB. */
const AHEAD_MS = 600_000;

type Work = { cursor: DeliveryId | null; done: number; skipped: number; isEnded: boolean; webhookIds: WebhookId[] };

/**
 * Works on the next page of a job. A page that is repeated after a crash finds most of its work done and skips it.
 *
 * @throws MongoDB's and Temporal's errors; the page is then tried again
 * @source docs/delivery.md D16
 */
export async function runJobPage(deps: Dependencies, { jobId }: { jobId: JobId }): Promise<JobPage> {
  const job = await findJob(deps.db, jobId);
  if (!job || job.finishedAt) return { kind: 'ended' };
  if (job.status === 'paused') return { kind: 'more', waitMs: PAUSED_WAIT_MS, because: 'Paused' };
  const work = await whileBeating(() => workOn(deps, job));
  if (work.isEnded && job.kind === 'drop-waiting' && job.webhookId) await resume(deps, job.accountId, job.webhookId);
  await saveJobPage(deps.db, { jobId, ...work });
  if (work.isEnded) return { kind: 'ended' };
  const aheadMs = job.kind === 'replay' ? await longestQueueMs(deps, work.webhookIds) : 0;
  return aheadMs > AHEAD_MS
    ? { kind: 'more', waitMs: aheadMs - AHEAD_MS / 2, because: 'Waiting for the rate of the webhook' }
    : { kind: 'more', waitMs: 0, because: '' };
}

/** Without a sign of life for 10 s the page goes to another worker. */
async function whileBeating<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}

async function workOn(deps: Dependencies, job: StoredJob): Promise<Work> {
  const bounds = { after: job.cursor, upTo: job.upTo, limit: PAGE };
  const rows = await findRows(deps, job, bounds);
  let done = 0;
  for (const row of rows) {
    if (await workOnOne(deps, job, row)) done++;
  }
  const skipped = rows.length - done;
  const webhookIds = [...new Set(rows.map(({ webhookId }) => webhookId))];
  return { cursor: rows.at(-1)?._id ?? null, done, skipped, isEnded: rows.length < PAGE, webhookIds };
}

function findRows({ db }: Dependencies, job: StoredJob, bounds: Parameters<typeof findOpen>[2]): Promise<Row[]> {
  const webhookId = job.webhookId as WebhookId;
  switch (job.kind) {
    case 'replay':
      return findReplayable(db, { accountId: job.accountId, filter: job.filter as ReplayFilter }, bounds);
    case 'new-turns':
    case 'drop-waiting':
      return findWaiting(db, webhookId, bounds);
    case 'drop-all':
      return findOpen(db, webhookId, bounds);
  }
}

type Row = { _id: DeliveryId; webhookId: WebhookId; workflowId?: string };

/** @returns false when the delivery has changed meanwhile, so that there is nothing to do */
async function workOnOne(deps: Dependencies, job: StoredJob, row: Row): Promise<boolean> {
  const { _id: deliveryId, webhookId, workflowId = '' } = row;
  switch (job.kind) {
    case 'replay':
      try {
        await transaction(deps.db, (session) =>
          replayDelivery(deps.db, session, { accountId: job.accountId, deliveryId }),
        );
        deps.onEvents();
        return true;
      } catch (error) {
        if (error instanceof AppError) return false;
        throw error;
      }
    case 'new-turns':
      return deps.steering.giveTurn(workflowId, await takeTurn(deps.db, webhookId));
    case 'drop-waiting':
    case 'drop-all':
      return deps.steering.cancelDelivery(workflowId, deliveryId);
  }
}

const resume = (deps: Dependencies, accountId: StoredJob['accountId'], webhookId: WebhookId): Promise<boolean> =>
  transaction(deps.db, (session) =>
    setWebhookStatus(deps.db, session, {
      accountId,
      webhookId,
      status: 'active',
      reason: 'Resumed; what waited was dropped.',
    }),
  );

/** Milliseconds until the last turn given by the busiest of these webhooks. */
async function longestQueueMs({ db }: Dependencies, webhookIds: WebhookId[]): Promise<number> {
  const paces = await findPaces(db, webhookIds);
  return Math.max(0, ...paces.map(({ turnAt, now }) => turnAt.getTime() - now.getTime()));
}
