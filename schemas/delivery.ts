import { z } from 'zod';
import {
  type AccountId,
  type DeliveryId,
  type EntryId,
  idSchema,
  type MapId,
  type PositionId,
  type RecordId,
  type WebhookId,
} from './ids';
import { liveStateSchema } from './live-state';

/** Where a delivery stands. Source: docs/delivery.md D13. */
export const DELIVERY_STATUSES = [
  'queued',
  'waiting-slot',
  'waiting-retry',
  'held',
  'sending',
  'delivered',
  'failed',
  'cancelled',
] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];
export const FINAL_STATUSES: readonly DeliveryStatus[] = ['delivered', 'failed', 'cancelled'];

/** How one attempt ended. Source: docs/delivery.md D3; `unknown` is an attempt that vanished with its process. */
export const OUTCOME_CLASSES = [
  'success',
  'redirect',
  'transient',
  'config',
  'rejected',
  'gone',
  'dns',
  'connect',
  'tls',
  'timeout',
  'blocked',
  'invalid',
  'unknown',
] as const;
export type OutcomeClass = (typeof OUTCOME_CLASSES)[number];

const headersSchema = z.record(z.string(), z.string());

/** One attempt as the log keeps it. Times are milliseconds; bodies are cut to 16 KiB. */
export const attemptSchema = z
  .object({
    number: z.number().int().meta({ description: '1 to 10, in the order of sending' }),
    call: z.number().int().meta({ description: 'Call of the activity it belongs to, from 0' }),
    temporalAttempt: z.number().int().meta({ description: 'Attempt number inside that call, from 1' }),
    class: z.enum(OUTCOME_CLASSES),
    startedAt: z.iso.datetime().nullable(),
    durationMs: z.number().nullable(),
    status: z.number().int().nullable().meta({ description: 'HTTP status; null when there was no answer' }),
    error: z.string().nullable(),
    request: z.object({ method: z.string(), url: z.string(), headers: headersSchema, body: z.string() }).nullable(),
    response: z.object({ headers: headersSchema, body: z.string(), isTruncated: z.boolean() }).nullable(),
    peer: z.string().nullable().meta({ description: 'Address that answered' }),
    webhookRevision: z.number().int().nullable(),
    nextAttemptInMs: z
      .number()
      .nullable()
      .meta({ description: 'Planned gap to the next attempt; null when there is none' }),
  })
  .meta({ id: 'Attempt' });
export type Attempt = z.output<typeof attemptSchema>;

/** What sent a delivery: its row in the log names it. */
export interface DeliverySource {
  type: 'map';
  mapId: MapId;
  name: string;
  elementId: string;
  entryId: EntryId;
  positionId: PositionId;
  step: number;
}

/** One stored row of the webhook log. `newest` is the latest attempt that began, by call and then attempt. */
export interface StoredDelivery {
  _id: DeliveryId;
  accountId: AccountId;
  webhookId: WebhookId;
  recordId: RecordId;
  objectTypeId: number;
  source: DeliverySource;
  status: DeliveryStatus;
  class: OutcomeClass | null;
  responseStatus: number | null;
  attempts: Attempt[];
  newest: { call: number; attempt: number };
  nextAttemptAt: Date | null;
  workflowId: string;
  createdAt: Date;
  finishedAt: Date | null;
  /** Host of the latest request; before the first one that of the webhook's URL, where that has no merge field in it */
  host?: string | null;
  /** When the row goes, and when its bodies go; set once it is over. Source: docs/webhook-log.md#retention */
  expireAt?: Date;
  bodiesExpireAt?: Date;
  bodiesRemovedAt?: Date;
}

const deliveryFields = z.object({
  id: idSchema('delivery'),
  webhookId: idSchema('webhook'),
  recordId: idSchema('record'),
  objectTypeId: z.number().int(),
  type: z.literal('map'),
  name: z.string().meta({ description: 'Name of the source' }),
  source: z.object({ mapId: idSchema('map'), elementId: z.string(), entryId: idSchema('entry') }),
  status: z.enum(DELIVERY_STATUSES),
  class: z.enum(OUTCOME_CLASSES).nullable(),
  responseStatus: z.number().int().nullable(),
  nextAttemptAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  host: z.string().nullable().meta({ description: 'Host of the latest request' }),
  bodiesRemovedAt: z.iso
    .datetime()
    .nullable()
    .meta({ description: 'When its bodies and headers were removed, by the retention of the account' }),
  workflowUrl: z.string().nullable().meta({ description: "The run in Temporal's Web UI" }),
});

export const deliverySchema = deliveryFields.extend({ attempts: z.array(attemptSchema) }).meta({ id: 'Delivery' });
export const deliveryDetailSchema = deliverySchema
  .extend({ live: liveStateSchema.nullable() })
  .meta({ id: 'DeliveryDetail' });

/** Most characters of each body that a row of a list shows. */
export const LISTED_BODY_CHARS = 2048;
export const deliveryRowSchema = deliveryFields
  .extend({
    attemptCount: z.number().int(),
    lastAttempt: attemptSchema.nullable().meta({ description: 'The latest attempt, its bodies cut to 2 KiB' }),
  })
  .meta({ id: 'DeliveryRow' });
