import { changeFields, deriveFacts, valueIn } from '../domain/derive-facts';
import type { Logger } from '../lib/logger';
import type { RecordId } from '../schemas/ids';
import type { StoredRecord } from '../schemas/record';
import { TASK_STATUS } from '../schemas/task';
import { type Database, type Session, transaction } from '../store/database';
import { appendRecordFacts, findRecord, replaceRecordFacts } from '../store/records';
import { findOverdueTasks } from '../store/tasks';
import { startSweep } from './start-sweep';

const EVERY_MS = 50_000;
const PAGE = 200;

/** Marks tasks that became overdue, about once a minute. */
export const startOverdueTasks = (db: Database, logger: Logger): { stop(): Promise<void> } =>
  startSweep(db, logger, {
    lease: 'overdue-tasks',
    what: 'overdue tasks',
    everyMs: EVERY_MS,
    sweep: (at, signal) => markOverdueTasks(db, at, signal),
  });

/**
 * Writes the fact `task.overdue` about the records of tasks that are open past their due date, once for each due date:
 * the task's field `overdue_at` is set in the same transaction.
 *
 * @throws MongoDB's errors; what is done by then stays done
 * @source docs/forms.md#tasks
 */
export async function markOverdueTasks(db: Database, at: Date, signal?: AbortSignal): Promise<{ overdue: number }> {
  let overdue = 0;
  while (!signal?.aborted) {
    const tasks = await findOverdueTasks(db, at, PAGE);
    for (const task of tasks) if (await transaction(db, (session) => mark(db, session, task, at))) overdue++;
    if (tasks.length < PAGE) break;
  }
  return { overdue };
}

async function mark(db: Database, session: Session, found: StoredRecord, at: Date): Promise<boolean> {
  const { accountId, _id: taskId } = found;
  const task = await findRecord(db, { accountId, recordId: taskId }, session);
  const isStill = task && valueIn(task, 'status') === TASK_STATUS.open && valueIn(task, 'overdue_at') === null;
  if (!isStill || valueIn(task, 'due_date') !== valueIn(found, 'due_date')) return false;
  const before = { fields: task.fields, tagIds: task.tagIds };
  const after = changeFields(before, { overdue_at: at.toISOString() });
  await replaceRecordFacts(db, session, { record: task, after, facts: deriveFacts(before, after), hops: 0 });
  const about = { accountId, recordId: valueIn(task, 'about_record') as RecordId };
  if (typeof about.recordId === 'string' && (await findRecord(db, about, session)))
    await appendRecordFacts(db, session, { ...about, facts: [{ type: 'task.overdue', taskId }], hops: 0 });
  return true;
}
