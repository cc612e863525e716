import { valueIn } from '../../domain/derive-facts';
import { AppError } from '../../lib/errors';
import type { Fact } from '../../schemas/event';
import type { FieldValues } from '../../schemas/field';
import type { AccountId, RecordId } from '../../schemas/ids';
import { OBJECT_TYPE } from '../../schemas/object-type';
import type { StoredRecord } from '../../schemas/record';
import { TASK_STATUS } from '../../schemas/task';
import type { Database, Session } from '../../store/database';
import { appendRecordFacts, findRecord, getRecord } from '../../store/records';
import { changeRecord, createRecord } from './save-record';

/** An open task about a record. @throws AppError `record.not-found` for what it is to be about */
export async function createTask(
  db: Database,
  session: Session,
  given: { accountId: AccountId; recordId: RecordId; subject: string; message?: string; dueAt?: string | undefined },
): Promise<StoredRecord> {
  const { accountId, recordId, subject, message = '', dueAt = null } = given;
  await getRecord(db, { accountId, recordId }, session);
  const fields = { subject, message, due_date: dueAt, status: TASK_STATUS.open, about_record: recordId };
  return createRecord(db, session, { accountId, objectTypeId: OBJECT_TYPE.task, fields, tags: [] });
}

/** Opens a task again that was completed or cancelled; an open one stays as it is. @throws AppError `task.not-found` */
export async function reopenTask(
  db: Database,
  session: Session,
  of: { accountId: AccountId; taskId: RecordId },
): Promise<StoredRecord> {
  const task = await getTask(db, session, of);
  const fields = { status: TASK_STATUS.open, completed_at: null, outcome: null };
  return isEnded(task) ? changeRecord(db, session, task, { fields, add: [], remove: [] }) : task;
}

/**
 * Changes an open task.
 *
 * @param change.fact what it means for the record that the task is about; written there, unless it is gone
 * @throws AppError `task.not-found`, `task.ended`
 */
export async function changeTask(
  db: Database,
  session: Session,
  change: { accountId: AccountId; taskId: RecordId; fields: FieldValues; fact: Fact | null },
): Promise<StoredRecord> {
  const { accountId, fields, fact } = change;
  const task = await getTask(db, session, change);
  if (isEnded(task)) throw new AppError('task.ended');
  const about = { accountId, recordId: valueIn(task, 'about_record') as RecordId };
  if (fact && typeof about.recordId === 'string' && (await findRecord(db, about, session)))
    await appendRecordFacts(db, session, { ...about, facts: [fact], hops: 0 });
  return changeRecord(db, session, task, { fields, add: [], remove: [] });
}

async function getTask(
  db: Database,
  session: Session,
  of: { accountId: AccountId; taskId: RecordId },
): Promise<StoredRecord> {
  const task = await findRecord(db, { accountId: of.accountId, recordId: of.taskId }, session);
  if (task?.objectTypeId !== OBJECT_TYPE.task) throw new AppError('task.not-found');
  return task;
}

const isEnded = (task: StoredRecord): boolean =>
  ([TASK_STATUS.completed, TASK_STATUS.cancelled] as unknown[]).includes(valueIn(task, 'status'));
