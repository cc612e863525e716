import { WorkflowNotFoundError } from '@temporalio/client';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow';
import type { DeliverySteering } from '../activities/dependencies';
import { now } from '../lib/clock';
import { AppError } from '../lib/errors';
import { jobWorkflowIdOf } from '../lib/ids';
import { FINAL_STATUSES, type StoredDelivery } from '../schemas/delivery';
import type { StoredEntry } from '../schemas/entry';
import type { AccountId, EntryId, JobId } from '../schemas/ids';
import type { LiveState } from '../schemas/live-state';
import type { Database } from '../store/database';
import { findStanding } from '../store/deliveries';
import { getEntry } from '../store/entries';
import { findPositionsOf } from '../store/positions';
import type { EntryState, Wish } from '../workflows/messages';
import { startRequestedDelivery } from './dispatch/start-delivery';
import { startMapEntry } from './start-workflows';
import { type Engine, isClosed, unlessOver } from './temporal-client';

const QUERY_MS = 3000;
/** A request that is on its way is finished first: 30 s at most, and its wait for a slot. */
const COMMAND_MS = 45_000;
/** Within this a delivery that is started hears a command; it queues 15 s before its turn (workflows/steering.ts) */
const HEARD_MS = COMMAND_MS + 15_000;

/**
 * What the running workflow says of itself, and what Temporal knows of the attempt under way; takes 3 s at most.
 *
 * @returns null when Temporal knows no such workflow (any more); fields that only a worker can tell are null while none
 *          answers
 * @throws AppError `engine.unavailable`
 */
export async function getLiveState(engine: Engine, workflowId: string): Promise<LiveState | null> {
  const handle = engine.client.workflow.getHandle(workflowId);
  const deadline = now().getTime() + QUERY_MS;
  try {
    const description = await engine.client.withDeadline(deadline, () => handle.describe());
    const isRunning = description.status.name === 'RUNNING';
    const said = isRunning
      ? await engine.client.withDeadline(deadline, () => handle.query<EntryState>('state')).catch(() => null)
      : null;
    const pending = description.raw.pendingActivities?.[0];
    const failure = await decodeOptionalFailureToOptionalError(
      engine.client.options.loadedDataConverter,
      pending?.lastFailure,
    ).catch(() => undefined);
    const nextMs = Number(pending?.nextAttemptScheduleTime?.seconds ?? 0) * 1000;
    return {
      workflowStatus: description.status.name,
      step: said?.step ?? null,
      waitingFor: said?.waitingFor ?? null,
      pendingAttempt: pending?.attempt ?? null,
      nextAttemptAt: nextMs > 0 ? new Date(nextMs).toISOString() : null,
      lastFailure: failure?.message ?? null,
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw new AppError('engine.unavailable', {}, { cause: error });
  }
}

type Parts = { db: Database; engine: Engine };

/**
 * Ends an entry through its workflow; answers when it has ended. Of one whose workflow was terminated in Temporal, and
 * could not write its end, another run takes the place where it stood, and leaves the map.
 *
 * @throws AppError `entry.not-found`, `entry.ended`, `entry.starting`; `engine.unavailable` when Temporal or no worker answers
 */
export async function exitEntry({ db, engine }: Parts, of: { accountId: AccountId; entryId: EntryId }): Promise<void> {
  const { workflowId } = await getActive(db, of);
  const handle = engine.client.workflow.getHandle(workflowId);
  const inTime = <T>(ask: () => Promise<T>): Promise<T> =>
    engine.client.withDeadline(now().getTime() + COMMAND_MS, ask);
  try {
    if (await unlessOver(() => inTime(() => handle.executeUpdate('exit')))) return;
    const entry = await getActive(db, of);
    if (!(await isClosed(engine, workflowId))) throw new AppError('entry.starting');
    const [position] = await findPositionsOf(db, entry._id);
    await startMapEntry(engine, { entry, webhookIds: [], leavesAt: position ? position.step + 1 : 0 });
    await inTime(() => handle.result());
  } catch (error) {
    throw error instanceof AppError ? error : new AppError('engine.unavailable', {}, { cause: error });
  }
}

async function getActive(db: Database, of: { accountId: AccountId; entryId: EntryId }): Promise<StoredEntry> {
  const entry = await getEntry(db, of);
  if (entry.status === 'ended') throw new AppError('entry.ended');
  return entry;
}

/** Messages to deliveries that wait in their workflows. */
export const openSteering = ({ db, engine }: Parts): DeliverySteering => ({
  giveTurn: (workflowId, waitMs, isOwn = false) =>
    unlessOver(() => engine.client.workflow.getHandle(workflowId).signal('turn', { waitMs, isOwn })),
  cancelDelivery: (workflowId, deliveryId) =>
    reachDelivery({ db, engine }, workflowId, { deliveryId, wish: 'cancel', seen: '' }),
});

/**
 * Retries or cancels a delivery that is not over through its workflow; a cancel answers when the delivery is over.
 *
 * @throws AppError `delivery.ended`, `delivery.terminated`, `delivery.starting`; `engine.unavailable` when Temporal or no worker answers
 */
export async function steerDelivery(
  parts: Parts,
  row: Pick<StoredDelivery, '_id' | 'workflowId' | 'newest'>,
  wish: Wish['wish'],
): Promise<void> {
  const said: Wish = { deliveryId: row._id, wish, seen: `${row.newest.call}.${row.newest.attempt}` };
  try {
    if (!(await reachDelivery(parts, row.workflowId, said))) throw await unreachedError(parts, row);
  } catch (error) {
    throw error instanceof AppError ? error : new AppError('engine.unavailable', {}, { cause: error });
  }
}

/** Why nobody heard: the row says when it is over. */
async function unreachedError(
  { db, engine }: Parts,
  { _id, workflowId }: Pick<StoredDelivery, '_id' | 'workflowId'>,
): Promise<AppError> {
  const isTerminated = await isClosed(engine, workflowId);
  const standing = await findStanding(db, _id);
  if (!standing || FINAL_STATUSES.includes(standing.status)) return new AppError('delivery.ended');
  return new AppError(isTerminated ? 'delivery.terminated' : 'delivery.starting');
}

/** Tells a bulk job that it was paused, resumed or cancelled. One that is over needs no telling. */
export const wakeJob = (engine: Engine, jobId: JobId): Promise<boolean> =>
  unlessOver(() => engine.client.workflow.getHandle(jobWorkflowIdOf(jobId)).signal('wakeJob'));

/**
 * One that was ordered and not started yet is started first, since the pump may be behind; its turn is so late that it
 * hears the wish before. Should nothing be said, it goes then. One whose workflow was terminated is cancelled by another run.
 *
 * @returns false when it is over
 */
async function reachDelivery({ db, engine }: Parts, workflowId: string, wish: Wish): Promise<boolean> {
  const tell = (): Promise<boolean> => unlessOver(() => steer(engine, workflowId, wish));
  if (await tell()) return true;
  const how = { turnWaitMs: HEARD_MS, isAgain: wish.wish === 'cancel' };
  return (await startRequestedDelivery({ db, engine }, wish.deliveryId, how)) && tell();
}

const steer = (engine: Engine, workflowId: string, wish: Wish): Promise<unknown> =>
  engine.client.withDeadline(now().getTime() + COMMAND_MS, () =>
    engine.client.workflow.getHandle(workflowId).executeUpdate('steer', { args: [wish] }),
  );
