import { z } from 'zod';

/** Live state asked from the running workflow; null when no worker answers in time. */
export const liveStateSchema = z
  .object({
    workflowStatus: z.string(),
    step: z.number().int().nullable(),
    waitingFor: z.string().nullable(),
    pendingAttempt: z.number().int().nullable().meta({ description: 'Attempt of the webhook under way or waiting' }),
    nextAttemptAt: z.iso.datetime().nullable(),
    lastFailure: z.string().nullable(),
  })
  .meta({ id: 'LiveState' });
export type LiveState = z.output<typeof liveStateSchema>;
