import { z } from 'zod';
import { now } from '../../lib/clock';
import type { StoredAccount } from '../../schemas/account';
import { OBJECT_TYPE } from '../../schemas/object-type';
import { TASK_STATUS } from '../../schemas/task';
import type { Database, Session } from '../../store/database';
import { changeTask } from '../handlers/change-task';
import { idList, objectID, optional } from './parameters';
import { getAllNumbered, openRecords } from './records';
import { writeCall } from './route';

const tag = 'Tasks';
const outcomeOf = z
  .unknown()
  .optional()
  .transform((given) => {
    const { outcome } = (typeof given === 'object' && given !== null ? given : {}) as { outcome?: unknown };
    return outcome === undefined || outcome === '' ? null : String(outcome).slice(0, 200);
  });

/** What becomes of tasks; they are listed and made as records of object type 1. */
export const taskRoutes = [
  writeCall({
    method: 'post',
    path: '/task/complete',
    tag,
    summary: 'Complete tasks',
    description: 'Event task.completed on the records that they are about.',
    parameters: z.object({
      object_type_id: optional(objectID),
      ids: idList,
      data: outcomeOf.meta({ description: '{"outcome": …}' }),
    }),
    answer: { ids: ['3'] },
    handler: async ({ db }, { account, given }, session) =>
      changeAll(db, session, { account, numbers: given.ids }, 'task.completed', {
        status: TASK_STATUS.completed,
        completed_at: now().toISOString(),
        outcome: given.data,
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
];

async function changeAll(
  db: Database,
  session: Session,
  of: { account: StoredAccount; numbers: number[] },
  type: 'task.completed' | 'task.cancelled',
  fields: Parameters<typeof changeTask>[2]['fields'],
): Promise<{ data: { ids: string[] } }> {
  const accountId = of.account._id;
  const tasks = await openRecords(db, { accountId, objectID: OBJECT_TYPE.task });
  for (const { _id: taskId } of await getAllNumbered(db, tasks, of.numbers, session))
    await changeTask(db, session, { accountId, taskId, fields, fact: { type, taskId } });
  return { data: { ids: of.numbers.map(String) } };
}
