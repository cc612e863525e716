import type { z } from 'zod';
import { jobWorkflowIdOf } from '../../lib/ids';
import type { jobSchema, StoredJob } from '../../schemas/job';
import { type Engine, workflowUrl } from '../../workers/temporal-client';

/** A bulk job as it is shown. */
export const showJob = (engine: Engine, job: StoredJob): z.input<typeof jobSchema> => ({
  id: job._id,
  kind: job.kind,
  title: job.title,
  webhookId: job.webhookId,
  filter: job.filter,
  status: job.status,
  total: job.total,
  done: job.done,
  skipped: job.skipped,
  createdAt: job.createdAt.toISOString(),
  finishedAt: job.finishedAt?.toISOString() ?? null,
  workflowUrl: workflowUrl(engine, jobWorkflowIdOf(job._id)),
});
