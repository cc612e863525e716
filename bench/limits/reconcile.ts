import { WorkflowNotFoundError } from '@temporalio/client';
import { FINAL_STATUSES, type StoredDelivery } from '../../schemas/delivery';
import type { DeliveryId } from '../../schemas/ids';
import type { Database } from '../../store/database';
import { DELIVERIES } from '../../store/deliveries';
import type { Engine } from '../../workers/temporal-client';

/** What became of all deliveries of a run. */
export interface Account {
  started: number;
  /** Arrived, and the log says delivered */
  delivered: number;
  /** Arrived, and the log does not say so yet; its workflow runs */
  arrivedOpen: number;
  /** Not arrived; the log has it open, and its workflow runs */
  waiting: number;
  /** Calls of the sending activity that were told to come back later, all deliveries together */
  comebacks: number;
  /** Everything else, with what was found */
  lost: { deliveryId: DeliveryId; status: string; hasArrived: boolean; isRunning: boolean }[];
}

/** Holds receiver, log and workflows against each other; the workers have stopped. */
export async function reconcile(
  on: { db: Database; engine: Engine },
  deliveryIds: readonly DeliveryId[],
  arrived: ReadonlySet<string>,
): Promise<Account> {
  const rows = await on.db
    .model(DELIVERIES)
    .find({}, { status: 1, workflowId: 1, newest: 1 })
    .lean<Pick<StoredDelivery, '_id' | 'status' | 'workflowId' | 'newest'>[]>();
  const byId = new Map(rows.map((row) => [row._id, row]));
  const running = await listRunning(on.engine);
  const account: Account = {
    started: deliveryIds.length,
    delivered: 0,
    arrivedOpen: 0,
    waiting: 0,
    comebacks: 0,
    lost: [],
  };
  for (const deliveryId of deliveryIds) {
    const row = byId.get(deliveryId);
    const hasArrived = arrived.has(deliveryId);
    account.comebacks += Math.max(0, row?.newest.call ?? 0);
    if (row?.status === 'delivered' && hasArrived) {
      account.delivered++;
      continue;
    }
    const isOpen = row !== undefined && !FINAL_STATUSES.includes(row.status);
    const isRunning = row !== undefined && (running.has(row.workflowId) || (await isRunningNow(on.engine, row)));
    if (isOpen && isRunning) account[hasArrived ? 'arrivedOpen' : 'waiting']++;
    else account.lost.push({ deliveryId, status: row?.status ?? 'no row', hasArrived, isRunning });
  }
  return account;
}

async function listRunning({ client }: Engine): Promise<Set<string>> {
  const ids = new Set<string>();
  const query = "WorkflowType = 'deliverWebhook' AND ExecutionStatus = 'Running'";
  for await (const { workflowId } of client.workflow.list({ query, pageSize: 1000 })) ids.add(workflowId);
  return ids;
}

/** The list of workflows may lag behind; the workflow itself does not. */
async function isRunningNow({ client }: Engine, { workflowId }: { workflowId: string }): Promise<boolean> {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** Arrivals of a delivery beyond its first. */
export interface SecondSend {
  deliveryId: string;
  firstMs: number;
  againMs: number;
}

/** Every arrival after the first of the same delivery: the receiver had answered that one at once. */
export function findSecondSends(arrivals: Iterable<readonly { deliveryId: string; atMs: number }[]>): SecondSend[] {
  const firsts = new Map<string, number>();
  const again: SecondSend[] = [];
  for (const list of arrivals) {
    for (const { deliveryId, atMs } of list) {
      const firstMs = firsts.get(deliveryId);
      if (firstMs === undefined) firsts.set(deliveryId, atMs);
      else again.push({ deliveryId, firstMs, againMs: atMs });
    }
  }
  return again;
}
