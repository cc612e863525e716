import { z } from 'zod';
import { conditionSchema } from './condition';
import { type AccountId, idSchema, numberSchema, type SubscriptionId, type WebhookId } from './ids';
import { listenedEvent } from './listened-event';
import { objectTypeId } from './object-type';
import { WEBHOOK_STATUSES } from './webhook';

/** What of the record is sent: all fields, a few that name it, or its id alone. Source: reference section 3D. */
export const PAYLOAD_FORMATS = ['default', 'lightweight', 'notify'] as const;
export type PayloadFormat = (typeof PAYLOAD_FORMATS)[number];
export const PAYLOAD_ENCODINGS = ['json', 'form'] as const;
export type PayloadEncoding = (typeof PAYLOAD_ENCODINGS)[number];

export const subscriptionSettings = z.object({
  event: listenedEvent.meta({ description: 'A target that is absent means any' }),
  objectTypeId: objectTypeId.nullable().default(null).meta({ description: 'Only records of this type; any when null' }),
  condition: conditionSchema.optional().meta({ description: 'Only when this is true of the record then' }),
  url: z
    .string()
    .trim()
    .min(1)
    .max(2048)
    .meta({ description: 'Sent to as it stands', examples: ['https://example.com/hook'] }),
  format: z.enum(PAYLOAD_FORMATS).default('default'),
  encoding: z.enum(PAYLOAD_ENCODINGS).default('json'),
  requestsPerMinute: z
    .number()
    .int()
    .min(1)
    .max(180)
    .default(180)
    .meta({ description: 'Most requests in any 60 seconds, 1 to 180' }),
});
export type SubscriptionSettings = z.output<typeof subscriptionSettings>;

/**
 * A stored subscription. Its webhook carries what the engine needs: URL, rate, signing secret, status, log. A deleted
 * one stays until every pump knows.
 */
export interface StoredSubscription {
  _id: SubscriptionId;
  accountId: AccountId;
  /** Its decimal id in the API under /1 */
  number: number;
  settings: SubscriptionSettings;
  /** What it listens for in Ontraport's words: sub_tag(4) */
  eventString: string;
  webhookId: WebhookId;
  listenersRevision: number;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

export const subscriptionSchema = z
  .object({
    id: idSchema('subscription'),
    number: numberSchema,
    settings: subscriptionSettings,
    eventString: z.string().meta({ description: 'What it listens for, as the API under /1 writes it: sub_tag(4)' }),
    webhookId: idSchema('webhook').meta({ description: 'Its log, queue and status stand under this webhook' }),
    status: z.enum(WEBHOOK_STATUSES).meta({ description: 'That of its webhook' }),
    statusReason: z.string().nullable(),
    lastHookAt: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'Latest attempt of the latest delivery that was tried' }),
    lastCode: z.number().int().nullable().meta({ description: 'HTTP status it was answered with' }),
    lastPayload: z.string().nullable().meta({ description: 'What it sent, at most 16 KiB of it' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Subscription' });

export const createdSubscriptionSchema = subscriptionSchema
  .extend({
    signingSecret: z
      .string()
      .meta({ description: 'Shown this once: whsec_ and base64; the receiver checks webhook-signature with it' }),
  })
  .meta({ id: 'CreatedSubscription' });
