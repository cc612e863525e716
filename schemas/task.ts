import { z } from 'zod';
import { idSchema } from './ids';

/** States of a task, in its field `status`. */
export const TASK_STATUS = { open: 'open', completed: 'completed', cancelled: 'cancelled' } as const;

const dueAt = z.iso.datetime({ offset: true }).meta({ description: 'When it is overdue: "2026-12-01T17:00:00Z"' });

export const newTask = z.object({
  recordId: idSchema('record').meta({ description: 'The record that the task is about' }),
  subject: z.string().trim().min(1).max(255),
  message: z.string().max(10_000).default(''),
  dueAt: dueAt.optional(),
});
export const taskCompletion = z.object({
  outcome: z.string().trim().max(255).default('').meta({ description: 'How it ended, in your words' }),
});
export const taskReschedule = z.object({ dueAt });
