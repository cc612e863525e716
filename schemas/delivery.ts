import { z } from 'zod';
import type { DeliverySource } from './delivery-source';
import type { AccountId, DeliveryId, RecordId, WebhookId } from './ids';
import { mappedSchema } from './response-mapping';

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
    queueMs: partMs('it waited for its turn and slot, connecting meanwhile; null when not measured'),
    dnsMs: partMs('to look the host up; null on a connection that was open, or for an address'),
    connectMs: partMs('then, to connect; null on a connection that was open'),
    tlsMs: partMs('then, to secure the connection; null on one that was open, or for http'),
    firstByteMs: partMs('of connecting and sending, to the head of the answer; null when none came'),
    totalMs: z.number().meta({ description: 'Milliseconds of connecting and sending, to the end of the answer' }),
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
    durationMs: z.number().nullable().meta({ description: 'From sending to the end of the answer' }),
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
    mapped: mappedSchema
      .nullable()
      .optional()
      .meta({ description: 'What the response mapping took from a 2xx answer; null without a mapping' }),
    nextAttemptReason: z
      .string()
      .nullish()
      .meta({ description: 'Why there is another attempt, and when; or why there is none' }),
    replay: z.number().int().optional().meta({
      description: 'Absent in the first round; n in the n-th replay, whose attempts are numbered from 1 again',
    }),
  })
  .meta({ id: 'Attempt' });
export type Attempt = z.output<typeof attemptSchema>;

/** What never changes of a delivery. It travels in its workflow, so that the log can be made again from there. */
export interface DeliveryOrigin {
  recordId: RecordId;
  objectTypeId: number;
  source: DeliverySource;
  workflowId: string;
  /** ISO 8601 */
  createdAt: string;
  /** Host of the webhook's URL, where it has no merge field in it; unset in workflows of before it was kept */
  host?: string | null;
}

/** A request that a person wrote for one delivery instead of the one that the webhook's settings make; sent as it stands. */
export const requestOverride = z
  .object({ url: z.string().trim().min(1).max(2048), body: z.string().max(262_144) })
  .meta({ id: 'RequestOverride' });
export type RequestOverride = z.output<typeof requestOverride>;

/** The sending of a delivery from its start to its end; a replay begins another. */
export interface Round {
  /** 0, then 1 for each replay */
  number: number;
  /** First call of the activity that belongs to it */
  firstCall: number;
}

/** One stored row of the webhook log. `newest` is the latest attempt that began, by call and then attempt. */
export interface StoredDelivery {
  _id: DeliveryId;
  accountId: AccountId;
  webhookId: WebhookId;
  recordId: RecordId;
  objectTypeId: number;
  source: DeliverySource;
  /** What asked for the delivery, once: a step of an entry, a test */
  sourceKey: string;
  status: DeliveryStatus;
  class: OutcomeClass | null;
  responseStatus: number | null;
  attempts: Attempt[];
  newest: { call: number; attempt: number };
  round: Round;
  override: RequestOverride | null;
  /** The body as it was rendered when its event came; null where each attempt renders its own, and unset in rows of 0.1.0 */
  payload?: string | null;
  nextAttemptAt: Date | null;
  /** Its turn, while it sleeps until it is told; unset for one that wakes by itself. Source: docs/rate.md */
  turnAt?: Date;
  /** How often it went to sleep until it is told */
  sleeps?: number;
  /** Another turn than the one that was taken in the beginning */
  isNewTurn?: boolean;
  /** What it waits for, as a sentence; null when it waits for nothing */
  waitingFor: string | null;
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
