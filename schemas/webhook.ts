import { z } from 'zod';
import { headerRow, shownHeaderRow } from './header-row';
import { type AccountId, idSchema, numberSchema, type SubscriptionId, type WebhookId } from './ids';
import { objectTypeId } from './object-type';
import { responseMappingSchema } from './response-mapping';
import { retryPolicySchema } from './retry-policy';
import { scheduleSchema } from './retry-schedule';

export const HTTP_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export const HEADER_BYTES_MAX = 8192;

/** Settings of a webhook; the same form on a map, in a rule and in the library. Source: docs/features.md rows 1 to 3. */
export const webhookSettings = z
  .object({
    name: z.string().trim().min(1).max(100),
    objectTypeId: objectTypeId.default(0).meta({ description: 'Object type whose fields the merge fields name' }),
    url: z
      .string()
      .trim()
      .min(1)
      .max(2048)
      .meta({
        description: 'Destination; merge fields allowed in path and query',
        examples: ['https://example.com/hook'],
      }),
    method: z.enum(HTTP_METHODS).default('POST'),
    headers: z
      .array(headerRow)
      .max(30)
      .default([])
      .refine(
        (rows) =>
          rows.reduce((sum, row) => sum + row.name.length + (row.value ?? '').length + 4, 0) <= HEADER_BYTES_MAX,
        'all headers together must stay under 8 KiB',
      )
      .meta({
        description: 'Extra headers; a Content-Type here wins over detection, and may say JSON or Form-encoded',
      }),
    body: z
      .string()
      .max(65_536)
      .default('')
      .meta({ description: 'Body with merge fields: {"name":"[First Name]"} or Name=[First Name]&Email=[Email]' }),
    requestsPerMinute: z
      .number()
      .int()
      .min(1)
      .max(180)
      .default(180)
      .meta({ description: 'Most requests in any 60 seconds, 1 to 180' }),
    maxAttempts: z
      .number()
      .int()
      .min(1)
      .max(10)
      .default(10)
      .meta({ description: 'Attempts in all, the first included, 1 to 10' }),
    isSigned: z.boolean().default(true).meta({
      description: 'Sign requests (Standard Webhooks); webhook-id and webhook-timestamp are sent in any case',
    }),
    schedule: scheduleSchema.default({ preset: 'standard' }),
    retryPolicy: retryPolicySchema.default({ kind: 'auto' }),
    responseMapping: responseMappingSchema.default([]),
    timeoutSeconds: z.number().int().min(1).max(30).default(10).meta({ description: 'Total time for one attempt' }),
  })
  .meta({ id: 'WebhookSettings' });
export type WebhookSettings = z.output<typeof webhookSettings>;

/** Paused or disabled: its deliveries are held until a person resumes it. Source: docs/delivery.md D13. */
export const WEBHOOK_STATUSES = ['active', 'paused', 'disabled'] as const;
export type WebhookStatus = (typeof WEBHOOK_STATUSES)[number];
/** What a webhook signs with, sealed: its secret, and the one before it as long as that is still used too. */
export interface StoredSigning {
  sealed: string;
  previous: { sealed: string; until: Date } | null;
}

/** A stored webhook; `revision` counts its edits and is logged with every attempt. */
export interface StoredWebhook {
  _id: WebhookId;
  accountId: AccountId;
  /** Its decimal id in the API under /1 */
  number: number;
  /** A subscription's webhook is edited and deleted with it, and stands in no list of webhooks */
  owner?: { subscriptionId: SubscriptionId };
  /** Values of secret header rows are sealed */
  settings: WebhookSettings;
  /** Unset means active */
  status?: WebhookStatus;
  /** Why it is paused, disabled or active again, as a sentence */
  statusReason?: string;
  statusAt?: Date;
  /** Unset in webhooks of before signatures, until `hookline setup` or their next attempt */
  signing?: StoredSigning;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

export const webhookSchema = z
  .object({
    id: idSchema('webhook'),
    number: numberSchema,
    settings: webhookSettings.extend({ headers: z.array(shownHeaderRow) }).meta({ id: 'ShownWebhookSettings' }),
    status: z.enum(WEBHOOK_STATUSES),
    statusReason: z.string().nullable().meta({ description: 'Why it is paused, disabled or active again' }),
    revision: z.number().int(),
    oldSecretUntil: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'Until then requests carry a signature of the secret before the last rotation, too' }),
    contentType: z.string().meta({ description: 'What the body will be sent as' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Webhook' });

const signingSecret = z
  .string()
  .meta({ description: 'Shown this once: whsec_ and base64; the receiver checks webhook-signature with it' });
export const createdWebhookSchema = webhookSchema.extend({ signingSecret }).meta({ id: 'CreatedWebhook' });

export const OVERLAP_HOURS_MAX = 168;
export const secretRotation = z.object({
  overlapHours: z
    .number()
    .min(0)
    .max(OVERLAP_HOURS_MAX)
    .default(24)
    .meta({ description: 'How long requests carry signatures of the old and the new secret, 0 to 168 hours' }),
});
