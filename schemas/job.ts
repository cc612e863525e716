import { z } from 'zod';
import { DELIVERY_STATUSES, OUTCOME_CLASSES } from './delivery';
import { hostSchema, isInOrder, logTextSchema, OUT_OF_ORDER, statusCodesSchema } from './delivery-filter';
import { SOURCE_TYPES } from './delivery-source';
import { type AccountId, type DeliveryId, idSchema, type JobId, type RecordId, type WebhookId } from './ids';
import type { ListenedEvent } from './listened-event';
import { pageQuery } from './page';

/**
 * Bulk work. `new-turns`: those who wait get new turns; `drop-waiting`: all that are not over are cancelled, then the webhook
 * is active again; `drop-all`: all that are not over are cancelled, since their webhook was deleted; `sweep-dates`: the
 * records whose dates have come are told of.
 */
export const JOB_KINDS = ['replay', 'new-turns', 'drop-waiting', 'drop-all', 'sweep-dates'] as const;
export type JobKind = (typeof JOB_KINDS)[number];
export const JOB_STATUSES = ['running', 'paused', 'completed', 'cancelled'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** Which ended deliveries to replay; what is not given does not narrow. */
export const replayFilter = z
  .object({
    webhookId: idSchema('webhook').optional(),
    type: z.enum(SOURCE_TYPES).exclude(['test']).optional(),
    mapId: idSchema('map').optional(),
    entryId: idSchema('entry').optional(),
    ruleId: idSchema('rule').optional(),
    formId: idSchema('form').optional(),
    subscriptionId: idSchema('subscription').optional(),
    recordId: idSchema('record').optional(),
    host: hostSchema.optional(),
    statuses: z
      .array(z.enum(DELIVERY_STATUSES).extract(['delivered', 'failed', 'cancelled']))
      .min(1)
      .default(['failed', 'cancelled'])
      .meta({ description: 'Without it: failed and cancelled, which is what the receiver missed' }),
    class: z.enum(OUTCOME_CLASSES).optional(),
    responseStatus: statusCodesSchema.optional(),
    minAttempts: z.number().int().min(1).max(10).optional().meta({ description: 'At least so many attempts' }),
    text: logTextSchema.optional(),
    from: z.iso.datetime({ offset: true }).optional().meta({ description: 'Created at this instant or later' }),
    to: z.iso.datetime({ offset: true }).optional().meta({ description: 'Created before this instant' }),
  })
  .strict()
  .meta({ id: 'ReplayFilter' });
export type ReplayFilter = z.output<typeof replayFilter>;

/** What of dates can be listened for. */
export type DateListened = Extract<ListenedEvent, { type: 'date-field.reached' | 'date.reached' }>;
/** The same with the records it is about: those of one object type, or of any when null. */
export interface DateTarget {
  objectTypeId: number | null;
  listened: DateListened;
}

/** Which values of a date field are worth a look: a range of ISO texts, or these days of any year, as MM-DD. */
export type ValueBounds = { from: string; below: string } | { monthDays: string[] };

/** A stored job. Its workflow works page by page; `cursor` is the last delivery, or record, that was seen. */
export interface StoredJob {
  _id: JobId;
  accountId: AccountId;
  kind: JobKind;
  title: string;
  webhookId: WebhookId | null;
  filter: ReplayFilter | null;
  status: JobStatus;
  /** false until its workflow was started */
  isStarted: boolean;
  /** Only of `sweep-dates`: the day in the account's zone, YYYY-MM-DD, and what is listened for */
  sweep?: { day: string; timezone: string; targets: DateTarget[] };
  /** What was created later is not touched */
  upTo: DeliveryId | RecordId;
  cursor: DeliveryId | RecordId | null;
  total: number;
  done: number;
  skipped: number;
  createdAt: Date;
  finishedAt: Date | null;
}

const toDate = (instant: string | undefined): Date | undefined => (instant ? new Date(instant) : undefined);

export const newReplay = z.object({
  filter: replayFilter.refine(({ from, to }) => isInOrder({ from: toDate(from), to: toDate(to) }), OUT_OF_ORDER),
  isDryRun: z.boolean().default(false).meta({ description: 'true only counts what would be replayed' }),
});

export const jobSchema = z
  .object({
    id: idSchema('job'),
    kind: z.enum(JOB_KINDS),
    title: z.string(),
    webhookId: idSchema('webhook').nullable(),
    filter: replayFilter.nullable(),
    status: z.enum(JOB_STATUSES),
    total: z
      .number()
      .int()
      .meta({ description: 'Deliveries that it was to work on when it began; 0 for a sweep of dates' }),
    done: z.number().int(),
    skipped: z.number().int().meta({ description: 'Changed meanwhile, or their record is gone' }),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    workflowUrl: z.string().nullable(),
  })
  .meta({ id: 'Job' });

export const jobListQuery = pageQuery.extend({ status: z.enum(JOB_STATUSES).optional() });
