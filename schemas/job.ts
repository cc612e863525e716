import { z } from 'zod';
import { DELIVERY_STATUSES, OUTCOME_CLASSES } from './delivery';
import { type AccountId, type DeliveryId, idSchema, type JobId, type WebhookId } from './ids';
import { pageQuery } from './page';

/**
 * Bulk work. `new-turns`: those who wait get new turns; `drop-waiting`: those who wait are cancelled, and the webhook is
 * active again; `drop-all`: all that are not over are cancelled, since their webhook was deleted.
 */
export const JOB_KINDS = ['replay', 'new-turns', 'drop-waiting', 'drop-all'] as const;
export type JobKind = (typeof JOB_KINDS)[number];
export const JOB_STATUSES = ['running', 'paused', 'completed', 'cancelled'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** Which ended deliveries to replay; what is not given does not narrow. */
export const replayFilter = z
  .object({
    webhookId: idSchema('webhook').optional(),
    mapId: idSchema('map').optional(),
    recordId: idSchema('record').optional(),
    statuses: z
      .array(z.enum(DELIVERY_STATUSES).extract(['delivered', 'failed', 'cancelled']))
      .min(1)
      .default(['failed', 'cancelled'])
      .meta({ description: 'Without it: failed and cancelled, which is what the receiver missed' }),
    class: z.enum(OUTCOME_CLASSES).optional(),
    from: z.iso.datetime({ offset: true }).optional().meta({ description: 'Created at this instant or later' }),
    to: z.iso.datetime({ offset: true }).optional().meta({ description: 'Created before this instant' }),
  })
  .strict()
  .meta({ id: 'ReplayFilter' });
export type ReplayFilter = z.output<typeof replayFilter>;

/** A stored job. Its workflow works page by page; `cursor` is the last delivery that was seen. */
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
  /** Deliveries created later are not touched */
  upTo: DeliveryId;
  cursor: DeliveryId | null;
  total: number;
  done: number;
  skipped: number;
  createdAt: Date;
  finishedAt: Date | null;
}

export const newReplay = z.object({
  filter: replayFilter,
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
    total: z.number().int().meta({ description: 'Deliveries that it was to work on when it began' }),
    done: z.number().int(),
    skipped: z.number().int().meta({ description: 'Changed meanwhile, or their record is gone' }),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    workflowUrl: z.string().nullable(),
  })
  .meta({ id: 'Job' });

export const jobListQuery = pageQuery.extend({ status: z.enum(JOB_STATUSES).optional() });
