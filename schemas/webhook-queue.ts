import { z } from 'zod';

/** What waits before a webhook, and how fast it goes. Source: docs/rate.md. */
export const webhookQueueSchema = z
  .object({
    requestsPerMinute: z.number().int().meta({ description: 'The limit' }),
    sentLastMinute: z.number().int().meta({ description: 'Requests of the last 60 s, to 10 s exactly' }),
    length: z
      .number()
      .int()
      .meta({ description: 'Deliveries that have still to be sent, those on their way included' }),
    held: z.number().int().meta({ description: 'Those of them that wait for the webhook to be resumed' }),
    oldestAgeSeconds: z.number().int().nullable(),
    clearsInSeconds: z
      .number()
      .int()
      .nullable()
      .meta({ description: 'When the last of them has had its first attempt, about; null while nothing leaves' }),
    clearsIn: z.string().nullable().meta({ description: 'The same for people: about 2 h 10 m' }),
    breaker: z.object({ isOpen: z.boolean(), nextTryAt: z.iso.datetime().nullable() }),
    failing: z
      .object({ attempts: z.number().int(), since: z.iso.datetime() })
      .nullable()
      .meta({ description: 'Failed attempts since the last success' }),
  })
  .meta({ id: 'WebhookQueue' });
