import { z } from 'zod';
import { type AccountId, idSchema, type WebhookId } from './ids';
import { objectTypeId } from './object-type';
import { responseMappingSchema } from './response-mapping';
import { retryPolicySchema } from './retry-policy';
import { scheduleSchema } from './retry-schedule';

export const HTTP_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Headers that the sender sets itself. Source: docs/delivery.md D11. */
export const RESERVED_HEADERS = [
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'idempotency-key',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
  'trailer',
];
export const HEADER_BYTES_MAX = 8192;

const headerRow = z.object({
  name: z
    .string()
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, 'must be a header name, such as Authorization')
    .refine(
      (name) => !RESERVED_HEADERS.includes(name.toLowerCase()) && !/^webhook-/i.test(name),
      'is set by Hookline itself; choose another name',
    ),
  value: z
    .string()
    .max(4096)
    .regex(/^[^\r\n\0]*$/, 'must be one line'),
});

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
        (rows) => rows.reduce((sum, row) => sum + row.name.length + row.value.length + 4, 0) <= HEADER_BYTES_MAX,
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

/** A stored webhook; `revision` counts its edits and is logged with every attempt. */
export interface StoredWebhook {
  _id: WebhookId;
  accountId: AccountId;
  settings: WebhookSettings;
  /** Unset means active */
  status?: WebhookStatus;
  /** Why it is paused, disabled or active again, as a sentence */
  statusReason?: string;
  statusAt?: Date;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

export const webhookSchema = z
  .object({
    id: idSchema('webhook'),
    settings: webhookSettings,
    status: z.enum(WEBHOOK_STATUSES),
    statusReason: z.string().nullable().meta({ description: 'Why it is paused, disabled or active again' }),
    revision: z.number().int(),
    contentType: z.string().meta({ description: 'What the body will be sent as' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Webhook' });
