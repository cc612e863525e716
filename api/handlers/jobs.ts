import { z } from 'zod';
import { idSchema } from '../../schemas/ids';
import { type JobStatus, jobListQuery, jobSchema, newReplay } from '../../schemas/job';
import { pageOf } from '../../schemas/page';
import { getJob, insertJob, listJobs, setJobStatus } from '../../store/jobs';
import { countReplayable } from '../../store/waiting-deliveries';
import { getWebhook } from '../../store/webhooks';
import { wakeJob } from '../../workers/live-state';
import { readRoute, writeRoute } from '../route';
import { showJob } from './job-answer';

const common = { scope: 'key', tag: 'Bulk jobs' } as const;
const params = z.object({ jobId: idSchema('job') });

const steering = (verb: 'pause' | 'resume' | 'cancel', status: Exclude<JobStatus, 'completed'>, summary: string) =>
  writeRoute({
    ...common,
    method: 'post',
    path: `/v1/jobs/:jobId/${verb}`,
    summary,
    params,
    response: jobSchema,
    handler: async ({ db, engine }, { account, params }, session) =>
      showJob(engine, await setJobStatus(db, session, { accountId: account._id, ...params, status })),
    // A job that does not hear it finds it out with its next page.
    afterCommit: ({ engine, logger }, { params: { jobId } }) =>
      void wakeJob(engine, jobId).catch((error: unknown) =>
        logger.warn({ jobId, error: String(error) }, 'job not woken'),
      ),
  });

/** Work on many deliveries at once. */
export const jobRoutes = [
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/deliveries/replay',
    summary: 'Replay the deliveries that a filter names, as a job',
    description:
      'Each keeps its id and is sent inside the limit of its webhook. Without "statuses" it sends what the receivers missed: failed and cancelled ones. With "isDryRun" it only counts; "job" is then null.',
    body: newReplay,
    example: { filter: { statuses: ['failed'], from: '2026-01-01T00:00:00Z' }, isDryRun: true },
    response: z.object({
      count: z.number().int().meta({ description: 'Deliveries that the filter names now' }),
      job: jobSchema.nullable(),
    }),
    handler: async ({ db, engine }, { account, body: { filter, isDryRun } }, session) => {
      const accountId = account._id;
      const { webhookId } = filter;
      const webhook = webhookId ? await getWebhook(db, { accountId, webhookId }, session) : null;
      const count = await countReplayable(db, accountId, filter);
      if (isDryRun) return { count, job: null };
      const title = webhook ? `Replay of ${webhook.settings.name}` : 'Replay';
      const job = await insertJob(db, session, {
        accountId,
        kind: 'replay',
        title,
        webhookId: webhookId ?? null,
        filter,
        total: count,
      });
      return { count, job: showJob(engine, job) };
    },
  }),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/jobs',
    summary: 'List bulk jobs',
    query: jobListQuery,
    response: pageOf(jobSchema),
    handler: async ({ db, engine }, { account, query: { status, ...page } }) => {
      const { items, nextCursor } = await listJobs(db, { accountId: account._id, status }, page);
      return { items: items.map((job) => showJob(engine, job)), nextCursor };
    },
  }),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/jobs/:jobId',
    summary: 'Get a bulk job with its progress',
    params,
    response: jobSchema,
    handler: async ({ db, engine }, { account, params }) =>
      showJob(engine, await getJob(db, { accountId: account._id, ...params })),
  }),
  steering('pause', 'paused', 'Pause a bulk job after the page under way'),
  steering('resume', 'running', 'Let a paused bulk job go on'),
  steering('cancel', 'cancelled', 'Cancel a bulk job; what it has done stays done'),
];
