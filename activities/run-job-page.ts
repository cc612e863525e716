import { Context } from '@temporalio/activity';
import { AppError } from '../lib/errors';
import type { DeliveryId, JobId, WebhookId } from '../schemas/ids';
import type { JobKind, ReplayFilter, StoredJob } from '../schemas/job';
import { transaction } from '../store/database';
import { findJob, saveJobPage } from '../store/jobs';
import { findPaces } from '../store/paces';
import { replayDelivery } from '../store/replay-delivery';
import { bringTurnForward, takeTurn } from '../store/turns';
import { findOpen, findReplayable, findWaiting } from '../store/waiting-deliveries';
import { setWebhookStatus } from '../store/webhook-status';
import type { Dependencies } from './dependencies';
import { orderSweeps } from './order-sweeps';
import { sweepDates } from './sweep-dates';

/** How a page ended. */
export type JobPage = { kind: 'ended' } | { kind: 'more'; waitMs: number; because: string };

const PAGE = 50;
const HEARTBEAT_MS = 2000;
const PAUSED_WAIT_MS = 24 * 3_600_000;
/** A replay puts so much work before a webhook, and waits until half of it is gone; the rest waits in MongoDB. */
const AHEAD_MS = 600_000;

const REASONS: Record<JobKind, string> = {
  replay: 'Waiting for the rate of the webhook',
  'new-turns': '',
  'drop-waiting': '',
  'drop-all': '',
  'sweep-dates': 'So many records at once',
};

/** A page that was worked on; `waitMs` is how long to wait before the next one. */
type Work = Pick<StoredJob, 'cursor' | 'done' | 'skipped'> & { isEnded: boolean; waitMs: number };

/**
 * Works on the next page of a job. A page that is repeated after a crash finds most of its work done and skips it.
 *
 * @param input absent in the run of a Schedule, which orders jobs and is done
 * @throws MongoDB's and Temporal's errors; the page is then tried again
 * @source docs/delivery.md D16
 */
export async function runJobPage(deps: Dependencies, input?: { jobId: JobId }): Promise<JobPage> {
  if (!input) {
    await whileBeating(() => orderSweeps(deps, Context.current().info.workflowExecution?.workflowId ?? ''));
    return { kind: 'ended' };
  }
  const { jobId } = input;
  const job = await findJob(deps.db, jobId);
  if (!job || job.finishedAt) return { kind: 'ended' };
  if (job.status === 'paused') return { kind: 'more', waitMs: PAUSED_WAIT_MS, because: 'Paused' };
  const { waitMs, ...work } = await whileBeating(() =>
    job.kind === 'sweep-dates' ? sweepDates(deps, job) : workOn(deps, job, job.kind),
  );
  if (work.isEnded && job.kind === 'drop-waiting' && job.webhookId) await resume(deps, job.accountId, job.webhookId);
  await saveJobPage(deps.db, { jobId, ...work });
  if (work.isEnded) return { kind: 'ended' };
  return { kind: 'more', waitMs, because: waitMs > 0 ? REASONS[job.kind] : '' };
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

type DeliveryJob = Exclude<JobKind, 'sweep-dates'>;

async function workOn(deps: Dependencies, job: StoredJob, kind: DeliveryJob): Promise<Work> {
  const bounds = { after: job.cursor as DeliveryId | null, upTo: job.upTo as DeliveryId, limit: PAGE };
  const rows = await findRows(deps, { ...job, kind }, bounds);
  let done = 0;
  for (const row of rows) {
    if (await workOnOne(deps, { ...job, kind }, row)) done++;
  }
  const skipped = rows.length - done;
  const webhookIds = [...new Set(rows.map(({ webhookId }) => webhookId))];
  const isEnded = rows.length < PAGE;
  const aheadMs = kind === 'replay' && !isEnded ? await longestQueueMs(deps, webhookIds) : 0;
  const waitMs = aheadMs > AHEAD_MS ? aheadMs - AHEAD_MS / 2 : 0;
  return { cursor: rows.at(-1)?._id ?? null, done, skipped, isEnded, waitMs };
}

function findRows(
  { db }: Dependencies,
  job: StoredJob & { kind: DeliveryJob },
  bounds: Parameters<typeof findOpen>[2],
): Promise<Row[]> {
  const webhookId = job.webhookId as WebhookId;
  switch (job.kind) {
    case 'replay':
      return findReplayable(db, { accountId: job.accountId, filter: job.filter as ReplayFilter }, bounds);
    case 'new-turns':
      return findWaiting(db, webhookId, bounds);
    case 'drop-waiting':
    case 'drop-all':
      return findOpen(db, webhookId, bounds);
  }
}

type Row = { _id: DeliveryId; webhookId: WebhookId; workflowId?: string };

/** @returns false when the delivery has changed meanwhile, so that there is nothing to do */
async function workOnOne(deps: Dependencies, job: StoredJob & { kind: DeliveryJob }, row: Row): Promise<boolean> {
  const { _id: deliveryId, workflowId = '' } = row;
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
      return giveNewTurn(deps, row);
    case 'drop-waiting':
    case 'drop-all':
      return deps.steering.cancelDelivery(workflowId, deliveryId);
  }
}

async function giveNewTurn(
  { db, steering }: Dependencies,
  { _id: deliveryId, webhookId, workflowId = '' }: Row,
): Promise<boolean> {
  const waitMs = await takeTurn(db, webhookId);
  return (await bringTurnForward(db, { deliveryId, webhookId, waitMs })) || steering.giveTurn(workflowId, waitMs);
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
