import { type WorkflowExecutionInfo, WorkflowNotFoundError } from '@temporalio/client';
import { sentenceOf } from '../../lib/errors';
import type { Database } from '../../store/database';
import { restoreDelivery } from '../../store/restore-delivery';
import type { Engine } from '../temporal-client';
import { type RebuiltRun, rebuildRun } from './rebuild-run';

/** How far a rebuild has come. */
export interface RebuildCounts {
  /** Workflow runs read */
  runs: number;
  /** Rows written that were not there */
  inserted: number;
  /** Rows that were there and got what they lacked */
  completed: number;
  unchanged: number;
  /** Deliveries whose histories are older than what makes a row */
  unknown: number;
  /** Rows whose place another delivery has */
  refused: number;
  /** Runs that could not be read, and the first reason */
  failed: number;
  firstError: string | null;
}

const AT_ONCE = 8;
const PAGE = 200;

/**
 * Makes the webhook log again from the histories that Temporal keeps of our workflows, running and closed. May be
 * repeated, and stopped at any time: rows that are there are never made worse.
 *
 * @param options.since      leaves out deliveries created before, and runs closed before
 * @param options.isDryRun   counts, and writes nothing
 * @param options.onProgress called after each run
 * @throws MongoDB's errors, and Temporal's while runs are listed
 * @source docs/webhook-log.md#rebuild
 */
export async function rebuildLog(
  db: Database,
  engine: Engine,
  options: { since?: Date; isDryRun: boolean; onProgress?: (counts: Readonly<RebuildCounts>) => void },
): Promise<RebuildCounts> {
  const counts: RebuildCounts = {
    runs: 0,
    inserted: 0,
    completed: 0,
    unchanged: 0,
    unknown: 0,
    refused: 0,
    failed: 0,
    firstError: null,
  };
  const work = async (run: WorkflowExecutionInfo): Promise<void> => {
    const rebuilt = await read(engine, run).catch((error: unknown) => {
      counts.failed++;
      counts.firstError ??= `${run.workflowId}: ${sentenceOf(error)}`;
      return null;
    });
    counts.runs++;
    counts.unknown += rebuilt?.unknown ?? 0;
    for (const row of rebuilt?.rows ?? []) {
      if (options.since && row.createdAt < options.since) continue;
      counts[await restoreDelivery(db, { row, isDryRun: options.isDryRun })]++;
    }
    options.onProgress?.(counts);
  };

  const runs = engine.client.workflow.list({ query: queryOf(engine, options.since), pageSize: PAGE });
  const iterator = runs[Symbol.asyncIterator]();
  // One list, many readers: what a reader takes is done before it takes the next.
  const reader = async (): Promise<void> => {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  return counts;
}

/** Workflows that send, of this installation: another prefix may share the namespace. */
const queryOf = ({ queues }: Engine, since: Date | undefined): string =>
  [
    `WorkflowType IN ('mapEntry', 'deliverWebhook', 'deliverMessage')`,
    `TaskQueue = '${queues.maps}'`,
    ...(since ? [`(CloseTime >= '${since.toISOString()}' OR ExecutionStatus = 'Running')`] : []),
  ].join(' AND ');

async function read({ client }: Engine, run: WorkflowExecutionInfo): Promise<RebuiltRun> {
  const handle = client.workflow.getHandle(run.workflowId, run.runId);
  try {
    // What is pending is read first: should it end meanwhile, the history says more.
    const pending = run.status.name === 'RUNNING' ? ((await handle.describe()).raw.pendingActivities ?? []) : [];
    const { events } = await handle.fetchHistory();
    return await rebuildRun(client.options.loadedDataConverter, { events: events ?? [], pending });
  } catch (error) {
    // Its retention ended while the list was read.
    if (error instanceof WorkflowNotFoundError) return { rows: [], unknown: 0 };
    throw error;
  }
}
