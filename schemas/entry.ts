import { z } from 'zod';
import type { Attempt, DeliveryOrigin } from './delivery';
import { type FieldValues, fieldValueSchema } from './field';
import {
  type AccountId,
  type DeliveryId,
  type EntryId,
  type EventId,
  idSchema,
  type MapId,
  type PositionId,
  type RecordId,
  type StepId,
  type WebhookId,
} from './ids';
import { liveStateSchema } from './live-state';
import { pageQuery } from './page';
import type { Mapped } from './response-mapping';

/** What a workflow waits for next; `advance` answers with one of these and it is stored with the position. */
export type Stop =
  | { kind: 'wait'; untilMs: number; title: string }
  | { kind: 'send'; delivery: DeliveryOrder; title: string }
  /** Until the goal is met, without an end */
  | { kind: 'goal'; title: string }
  /** `cancelled`: attempts of the delivery that the end cancelled, so that Temporal keeps them too */
  | { kind: 'end'; reason: EndReason; cancelled?: Attempt[] };

/** In place of the next stop: the entry is paused, and the step is asked for again, with the same cause, when it is resumed. */
export interface Paused {
  kind: 'paused';
}

/** All a workflow needs to know to schedule a delivery; everything else is read when it is sent. */
export interface DeliveryOrder {
  deliveryId: DeliveryId;
  webhookId: WebhookId;
  requestsPerMinute: number;
  maxAttempts: number;
  firstGapMs: number;
  /** After a wait it looks whether the webhook lets anything through; unset in workflows of before it did */
  looksAhead?: boolean;
  /** Unset in workflows of before it was kept */
  origin?: DeliveryOrigin;
}

export const END_REASONS = [
  'completed',
  'exited',
  'webhook-failed',
  'record-deleted',
  'map-deleted',
  'loop-limit',
] as const;
export type EndReason = (typeof END_REASONS)[number];

/** Whose passage through which map: the part of an entry that its positions carry with them, so that a step need not read it. */
export interface Passage {
  accountId: AccountId;
  mapId: MapId;
  /** The map's name when the record entered */
  mapName: string;
  objectTypeId: number;
  recordId: RecordId;
  workflowId: string;
  /** Automations that led here, one after the other */
  hops: number;
}

/** One passage of one record through one map. `entryKey` and the unique index on it decide re-entry. */
export interface StoredEntry extends Passage {
  _id: EntryId;
  entryKey: string;
  /** true while active on a map that lets a record enter again only after leaving; unset otherwise */
  exclusive?: true;
  triggerElementId: string;
  versionNumber: number;
  eventId: EventId | null;
  status: 'active' | 'ended';
  endReason: EndReason | null;
  /** Since when it takes no further step; null or unset while it is not paused */
  pausedAt?: Date | null;
  startedAt: Date;
  endedAt: Date | null;
}

/** Where one branch of an entry stands. `step` counts the stops taken; `stop` is what the workflow was told. */
export interface StoredPosition extends Passage {
  _id: PositionId;
  entryId: EntryId;
  elementId: string;
  versionNumber: number;
  step: number;
  stop: Stop;
  status: 'waiting' | 'sending' | 'ended';
  visits: Record<string, number>;
  /** Values from webhook answers, by name, for merge fields `[Entry//name]`; unset while there are none */
  variables?: FieldValues;
  /** An answer that waits for its entry to be resumed: by then the log may have lost it */
  heldAnswer?: Mapped & { deliveryId: DeliveryId };
  /** Events by which it jumped to goals, the latest ones: a command that is repeated does nothing */
  goalEventIds?: EventId[];
  since: Date;
  wakeAt: Date | null;
}

/** One visit to an element, for the timeline and the numbers. `n` counts the visits of the position from 0. */
export interface StoredStep {
  _id: StepId;
  accountId: AccountId;
  entryId: EntryId;
  mapId: MapId;
  positionId: PositionId;
  n: number;
  elementId: string;
  kind: string;
  title: string;
  port: string | null;
  detail: string;
  at: Date;
}

const stopSchema = z
  .object({
    kind: z.enum(['wait', 'send', 'goal', 'end']),
    title: z.string(),
    until: z.iso.datetime().nullable().meta({ description: 'When a wait is over' }),
    deliveryId: idSchema('delivery').nullable(),
    endReason: z.enum(END_REASONS).nullable(),
  })
  .meta({ id: 'Stop' });

const positionSchema = z.object({
  id: idSchema('position'),
  elementId: z.string(),
  versionNumber: z.number().int(),
  step: z.number().int(),
  status: z.enum(['waiting', 'sending', 'ended']),
  since: z.iso.datetime(),
  variables: z
    .record(z.string(), fieldValueSchema)
    .meta({ description: 'Values that webhook answers brought, for merge fields such as [Entry//order_id]' }),
  stop: stopSchema,
});

const stepSchema = z.object({
  n: z.number().int(),
  elementId: z.string(),
  kind: z.string(),
  title: z.string(),
  port: z.string().nullable(),
  detail: z.string(),
  at: z.iso.datetime(),
});

export const entrySchema = z
  .object({
    id: idSchema('entry'),
    mapId: idSchema('map'),
    recordId: idSchema('record'),
    versionNumber: z.number().int(),
    triggerElementId: z.string(),
    status: z.enum(['active', 'ended']),
    endReason: z.enum(END_REASONS).nullable(),
    pausedAt: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'Since when it takes no further step; null while it is not paused' }),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
    workflowUrl: z.string().nullable().meta({ description: "The run in Temporal's Web UI" }),
  })
  .meta({ id: 'Entry' });

export const entryDetailSchema = entrySchema
  .extend({ positions: z.array(positionSchema), timeline: z.array(stepSchema), live: liveStateSchema.nullable() })
  .meta({ id: 'EntryDetail' });

export const newEntry = z.object({ mapId: idSchema('map'), recordId: idSchema('record') });
export const entryListQuery = pageQuery.extend({
  mapId: idSchema('map').optional(),
  recordId: idSchema('record').optional(),
  status: z.enum(['active', 'ended']).optional(),
  isPaused: z.enum(['true', 'false']).optional().meta({ description: 'Only those that are paused, or are not' }),
});
