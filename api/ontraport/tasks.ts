import { z } from 'zod';
import { now } from '../../lib/clock';
import type { StoredAccount } from '../../schemas/account';
import type { AccountId, RecordId } from '../../schemas/ids';
import { OBJECT_TYPE } from '../../schemas/object-type';
import { TASK_STATUS, taskCompletion } from '../../schemas/task';
import type { Database, Session } from '../../store/database';
import { changeTask, reopenTask } from '../handlers/change-task';
import { assignTasks } from './assign-tasks';
import { decimalId, idList, instant, jsonText, objectID, optional } from './parameters';
import { getAllNumbered, openRecords } from './records';
import { writeCall } from './route';

const tag = 'Tasks';
const { outcome } = taskCompletion.shape;
const completion = jsonText(
  z.looseObject({
    outcome: z.preprocess((given) => (typeof given === 'number' ? String(given) : (given ?? undefined)), outcome),
  }),
  '{"outcome":"Reached"}',
).meta({ description: '{"outcome": …}, also as JSON text' });

/** What becomes of tasks; they are listed and made as records of object type 1. */
export const taskRoutes = [
  assignTasks,
  writeCall({
    method: 'post',
    path: '/task/complete',
    tag,
    summary: 'Complete tasks',
    description: 'Event task.completed on the records that they are about.',
    parameters: z.object({
      object_type_id: optional(objectID),
      ids: idList,
      data: optional(completion),
    }),
    answer: { ids: ['3'] },
    handler: async ({ db }, { account, given }, session) =>
      changeAll(db, session, { account, numbers: given.ids }, 'task.completed', {
        status: TASK_STATUS.completed,
        completed_at: now().toISOString(),
        outcome: given.data?.outcome || null,
      }),
  }),
  writeCall({
    method: 'post',
    path: '/task/cancel',
    tag,
    summary: 'Cancel tasks',
    description: 'Event task.cancelled on the records that they are about.',
    parameters: z.object({ objectID: optional(objectID), ids: idList }),
    answer: { ids: ['3'] },
    handler: async ({ db }, { account, given }, session) =>
      changeAll(db, session, { account, numbers: given.ids }, 'task.cancelled', { status: TASK_STATUS.cancelled }),
  }),
  writeCall({
    method: 'post',
    path: '/task/reschedule',
    tag,
    summary: 'Give a task another due date',
    description: 'It can become overdue again.',
    parameters: z.object({ id: decimalId, newtime: instant }),
    answer: { ids: ['3'] },
    handler: async ({ db }, { account, given }, session) => {
      const accountId = account._id;
      const [taskId] = await findTasks(db, session, { accountId, numbers: [given.id] });
      const fields = { due_date: given.newtime, overdue_at: null };
      if (taskId) await changeTask(db, session, { accountId, taskId, fields, fact: null });
      return { data: { ids: [String(given.id)] } };
    },
  }),
  writeCall({
    method: 'post',
    path: '/task/reopen',
    tag,
    summary: 'Open tasks again',
    description: 'Those that were completed or cancelled; open ones stay as they are.',
    parameters: z.object({ ids: idList }),
    answer: { ids: ['3'] },
    handler: async ({ db }, { account, given }, session) => {
      const accountId = account._id;
      for (const taskId of await findTasks(db, session, { accountId, numbers: given.ids }))
        await reopenTask(db, session, { accountId, taskId });
      return { data: { ids: given.ids.map(String) } };
    },
  }),
];

async function changeAll(
  db: Database,
  session: Session,
  of: { account: StoredAccount; numbers: number[] },
  type: 'task.completed' | 'task.cancelled',
  fields: Parameters<typeof changeTask>[2]['fields'],
): Promise<{ data: { ids: string[] } }> {
  const accountId = of.account._id;
  for (const taskId of await findTasks(db, session, { accountId, numbers: of.numbers }))
    await changeTask(db, session, { accountId, taskId, fields, fact: { type, taskId } });
  return { data: { ids: of.numbers.map(String) } };
}

/** Ids of the tasks with these decimal ids. @throws AppError `record.not-found` */
async function findTasks(
  db: Database,
  session: Session,
  of: { accountId: AccountId; numbers: number[] },
): Promise<RecordId[]> {
  const tasks = await openRecords(db, { accountId: of.accountId, objectID: OBJECT_TYPE.task }, session);
  return (await getAllNumbered(db, tasks, of.numbers, session)).map(({ _id }) => _id);
}
