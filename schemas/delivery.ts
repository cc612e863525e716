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
import { pageQuery } from './page';

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

const partMs = (of: string) =>
  z
    .number()
    .nullable()
    .meta({ description: `Milliseconds ${of}` });

/** Where the time of one attempt went. Source: docs/delivery.md#the-log. */
export const timingsSchema = z
  .object({
    queueMs: partMs('it waited for its turn; null when not measured'),
    dnsMs: partMs('to look the host up; null on a connection that was open, or for an address'),
    connectMs: partMs('then, to connect; null on a connection that was open'),
    tlsMs: partMs('then, to secure the connection; null on one that was open, or for http'),
    firstByteMs: partMs('from the beginning of the attempt to the head of the answer; null when none came'),
    totalMs: z.number().meta({ description: 'Milliseconds from the beginning of the attempt to its end' }),
  })
  .meta({ id: 'Timings' });
export type Timings = z.output<typeof timingsSchema>;

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
    timings: timingsSchema.nullish().meta({ description: 'None for what was never sent, and in rows of 0.1.0' }),
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
  workflowUrl: z.string().nullable().meta({ description: "The run in Temporal's Web UI" }),
});

export const deliverySchema = deliveryFields.extend({ attempts: z.array(attemptSchema) }).meta({ id: 'Delivery' });

/** Most characters of each body that a row of a list shows. */
export const LISTED_BODY_CHARS = 2048;
export const deliveryRowSchema = deliveryFields
  .extend({
    attemptCount: z.number().int(),
    lastAttempt: attemptSchema.nullable().meta({ description: 'The latest attempt, its bodies cut to 2 KiB' }),
  })
  .meta({ id: 'DeliveryRow' });

export const deliveryListQuery = pageQuery.extend({
  status: z.enum(DELIVERY_STATUSES).optional(),
  class: z.enum(OUTCOME_CLASSES).optional(),
  responseStatus: z.coerce.number().int().min(100).max(599).optional(),
  webhookId: idSchema('webhook').optional(),
  recordId: idSchema('record').optional(),
  mapId: idSchema('map').optional(),
  entryId: idSchema('entry').optional(),
});
