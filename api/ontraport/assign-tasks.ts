import { z } from 'zod';
import { createTask } from '../handlers/change-task';
import { invalid } from '../problem';
import { idList, instant, jsonText, objectID, optional } from './parameters';
import { getAllNumbered, openRecords } from './records';
import { writeCall } from './route';

/** What the task says. Ontraport's clients name a task message by `id`; there are none here. */
const message = jsonText(
  z.looseObject({
    subject: optional(z.string().trim().max(255)),
    details: optional(z.string().max(10_000)),
    due_date: optional(instant),
  }),
  '{"subject":"Call back"}',
).meta({ description: 'The task: "subject", "details", "due_date" in Unix seconds' });

/** Tasks about records. */
export const assignTasks = writeCall({
  method: 'post',
  path: '/task/assign',
  tag: 'Tasks',
  summary: 'Assign a task to records',
  description:
    'One open task about each of them, with the subject and the details of "message". There are no task messages.',
  parameters: z.object({ object_type_id: objectID, ids: idList, message: optional(message) }),
  answer: { ids: ['3'] },
  handler: async ({ db }, { account, given }, session) => {
    const accountId = account._id;
    const { subject, details, due_date: dueAt } = given.message ?? {};
    if (subject === undefined)
      throw invalid({
        path: 'fields.message.subject',
        message: 'must be given, since there are no task messages to take it from',
      });
    const records = await openRecords(db, { accountId, objectID: given.object_type_id }, session);
    const ids: string[] = [];
    for (const { _id: recordId } of await getAllNumbered(db, records, given.ids, session)) {
      const task = await createTask(db, session, { accountId, recordId, subject, message: details ?? '', dueAt });
      ids.push(String(task.number));
    }
    return { data: { ids } };
  },
});
