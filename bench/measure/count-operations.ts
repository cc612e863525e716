import type { Client } from '@temporalio/client';
import type { Database } from '../../store/database';

/** Counts by name of a command or event. */
export type Counts = Record<string, number>;

/** Commands that MongoDB has run since its start, by name, from all clients. */
export async function countCommands(db: Database): Promise<Counts> {
  const status = await db.connection.getClient().db('admin').command({ serverStatus: 1 });
  const commands = status.metrics.commands as Record<string, { total?: number | bigint } | number>;
  const counts: Counts = {};
  for (const [name, value] of Object.entries(commands)) {
    if (typeof value === 'object' && value.total !== undefined) counts[name] = Number(value.total);
  }
  counts['(transactions)'] = Number(status.transactions.totalCommitted);
  counts['(write conflicts)'] = Number(status.metrics.operation.writeConflicts);
  counts['(log writes)'] = Number(status.wiredTiger.log['log sync operations']);
  return counts;
}

/** What grew between two counts, divided by the number of events; the largest first. */
export function perEvent(before: Counts, after: Counts, events: number): Counts {
  const grown = Object.entries(after)
    .map(([name, count]): [string, number] => [name, (count - (before[name] ?? 0)) / events])
    .filter(([, count]) => count >= 0.005)
    .sort(([, a], [, b]) => b - a);
  return Object.fromEntries(grown.map(([name, count]) => [name, Math.round(count * 100) / 100]));
}

/** Events and state transitions in the history of the newest completed workflow of a type, by event type. */
export async function readHistory(
  client: Client,
  workflowType: string,
): Promise<{ events: string[]; stateTransitions: number; bytes: number } | null> {
  for await (const found of client.workflow.list({
    query: `WorkflowType = '${workflowType}' AND ExecutionStatus = 'Completed'`,
    pageSize: 1,
  })) {
    const handle = client.workflow.getHandle(found.workflowId, found.runId);
    const { raw } = await handle.describe();
    const history = await handle.fetchHistory();
    return {
      events: (history.events ?? []).map((event) => EVENT_NAMES[Number(event.eventType)] ?? String(event.eventType)),
      stateTransitions: Number(raw.workflowExecutionInfo?.stateTransitionCount ?? 0),
      bytes: Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0),
    };
  }
  return null;
}

const EVENT_NAMES: Record<number, string> = {
  1: 'WorkflowExecutionStarted',
  2: 'WorkflowExecutionCompleted',
  5: 'WorkflowTaskScheduled',
  6: 'WorkflowTaskStarted',
  7: 'WorkflowTaskCompleted',
  8: 'WorkflowTaskTimedOut',
  9: 'WorkflowTaskFailed',
  10: 'ActivityTaskScheduled',
  11: 'ActivityTaskStarted',
  12: 'ActivityTaskCompleted',
  17: 'TimerStarted',
  18: 'TimerFired',
  25: 'MarkerRecorded',
  47: 'WorkflowPropertiesModified',
};
