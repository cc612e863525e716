import { z } from 'zod';
import { now } from '../../lib/clock';
import { idSchema } from '../../schemas/ids';
import { recordSchema } from '../../schemas/record';
import { newTask, TASK_STATUS, taskCompletion, taskReschedule } from '../../schemas/task';
import { writeRoute } from '../route';
import { changeTask, createTask, reopenTask } from './change-task';
import { showRecord } from './record-answer';

const common = { scope: 'key', tag: 'Tasks', method: 'post', response: recordSchema, writesEvents: true } as const;
const params = z.object({ taskId: idSchema('record') });

/** Things for people to do about a record. Tasks are records of object type 1: read them at /v1/records. */
export const taskRoutes = [
  writeRoute({
    ...common,
    path: '/v1/tasks',
    summary: 'Create a task about a record',
    body: newTask,
    status: 201,
    handler: async ({ db }, { account, body }, session) =>
      showRecord(db, await createTask(db, session, { accountId: account._id, ...body }), session),
  }),
  writeRoute({
    ...common,
    path: '/v1/tasks/:taskId/complete',
    summary: 'Complete a task',
    description: 'Event task.completed on the record that it is about.',
    params,
    body: taskCompletion,
    handler: async ({ db }, { account, params: { taskId }, body }, session) => {
      const fields = {
        status: TASK_STATUS.completed,
        completed_at: now().toISOString(),
        outcome: body.outcome || null,
      };
      const fact = { type: 'task.completed' as const, taskId };
      return showRecord(db, await changeTask(db, session, { accountId: account._id, taskId, fields, fact }), session);
    },
  }),
  writeRoute({
    ...common,
    path: '/v1/tasks/:taskId/cancel',
    summary: 'Cancel a task',
    description: 'Event task.cancelled on the record that it is about.',
    params,
    handler: async ({ db }, { account, params: { taskId } }, session) => {
      const change = { fields: { status: TASK_STATUS.cancelled }, fact: { type: 'task.cancelled' as const, taskId } };
      return showRecord(db, await changeTask(db, session, { accountId: account._id, taskId, ...change }), session);
    },
  }),
  writeRoute({
    ...common,
    path: '/v1/tasks/:taskId/reopen',
    summary: 'Open a task again',
    description: 'One that was completed or cancelled; its outcome is emptied.',
    params,
    handler: async ({ db }, { account, params }, session) =>
      showRecord(db, await reopenTask(db, session, { accountId: account._id, ...params }), session),
  }),
  writeRoute({
    ...common,
    path: '/v1/tasks/:taskId/reschedule',
    summary: 'Give a task another due date',
    description: 'It can become overdue again.',
    params,
    body: taskReschedule,
    example: { dueAt: '2026-12-02T17:00:00Z' },
    handler: async ({ db }, { account, params: { taskId }, body }, session) => {
      const fields = { due_date: new Date(body.dueAt).toISOString(), overdue_at: null };
      const change = { accountId: account._id, taskId, fields, fact: null };
      return showRecord(db, await changeTask(db, session, change), session);
    },
  }),
];
