import { now } from '../lib/clock';
import { AppError } from '../lib/errors';
import { deriveId, newId } from '../lib/ids';
import type { AccountId, JobId } from '../schemas/ids';
import type { JobStatus, StoredJob } from '../schemas/job';
import type { Page, PageQuery } from '../schemas/page';
import { collection, type Database, Mixed, type Session } from './database';
import { listPage } from './page';

export const JOBS = collection<StoredJob>({
  name: 'jobs',
  shape: {
    _id: String,
    accountId: String,
    kind: String,
    title: String,
    webhookId: String,
    filter: Mixed,
    status: String,
    isStarted: Boolean,
    sweep: Mixed,
    upTo: String,
    cursor: String,
    total: Number,
    done: Number,
    skipped: Number,
    createdAt: Date,
    finishedAt: Date,
  },
  indexes: [[{ accountId: 1, _id: -1 }], [{ isStarted: 1, _id: 1 }, { partialFilterExpression: { isStarted: false } }]],
});

/** Inserts a job that runs as soon as the pump sees it; it works on deliveries that exist now. */
export async function insertJob(
  db: Database,
  session: Session,
  job: Pick<StoredJob, 'accountId' | 'kind' | 'title' | 'webhookId' | 'filter' | 'total'>,
): Promise<StoredJob> {
  const stored: StoredJob = {
    ...job,
    _id: newId('job'),
    status: 'running',
    isStarted: false,
    upTo: newId('delivery'),
    cursor: null,
    done: 0,
    skipped: 0,
    createdAt: now(),
    finishedAt: null,
  };
  await db.model(JOBS).create([stored], { session });
  return stored;
}

/** Orders the sweep of a day's dates for an account, once: the job's id is made of both. */
export async function insertSweep(
  db: Database,
  accountId: AccountId,
  sweep: NonNullable<StoredJob['sweep']>,
): Promise<void> {
  const job: StoredJob = {
    _id: deriveId('job', accountId, 'sweep-dates', sweep.day),
    accountId,
    kind: 'sweep-dates',
    title: `Dates of ${sweep.day}`,
    webhookId: null,
    filter: null,
    sweep,
    status: 'running',
    isStarted: false,
    upTo: newId('record'),
    cursor: null,
    total: 0,
    done: 0,
    skipped: 0,
    createdAt: now(),
    finishedAt: null,
  };
  const $setOnInsert = job as object;
  await db.model(JOBS).updateOne({ _id: job._id }, { $setOnInsert }, { upsert: true });
}

/** The job, or null. */
export const findJob = async (db: Database, jobId: JobId): Promise<StoredJob | null> =>
  db.model(JOBS).findById(jobId).lean<StoredJob>();

type Of = { accountId: AccountId; jobId: JobId };

/** @throws AppError `job.not-found` */
export async function getJob(db: Database, of: Of, session?: Session): Promise<StoredJob> {
  const job = await db
    .model(JOBS)
    .findOne({ _id: of.jobId, accountId: of.accountId }, null, session ? { session } : {})
    .lean<StoredJob>();
  if (!job) throw new AppError('job.not-found');
  return job;
}

/**
 * Pauses, resumes or cancels a job.
 *
 * @throws AppError `job.not-found`; `job.ended` when it is over
 */
export async function setJobStatus(
  db: Database,
  session: Session,
  change: Of & { status: Exclude<JobStatus, 'completed'> },
): Promise<StoredJob> {
  const job = await getJob(db, change, session);
  if (job.finishedAt) throw new AppError('job.ended');
  const set = { status: change.status, finishedAt: change.status === 'cancelled' ? now() : null };
  await db.model(JOBS).updateOne({ _id: change.jobId }, { $set: set }, { session });
  return { ...job, ...set };
}

/** Moves a running job on by one page. A repeat of the page after it was saved finds the later cursor. */
export async function saveJobPage(
  db: Database,
  page: { jobId: JobId; cursor: StoredJob['cursor']; done: number; skipped: number; isEnded: boolean },
): Promise<void> {
  const { jobId, done, skipped, cursor, isEnded } = page;
  const end = isEnded ? { status: 'completed' as const, finishedAt: now() } : {};
  await db.model(JOBS).updateOne({ _id: jobId, finishedAt: null } as object, {
    $inc: { done, skipped },
    $set: { ...(cursor ? { cursor } : {}), ...end },
  });
}

/** Jobs whose workflow nobody has started yet, oldest first. */
export const findUnstartedJobs = async (db: Database): Promise<StoredJob[]> =>
  db.model(JOBS).find({ isStarted: false }).sort({ _id: 1 }).limit(20).lean<StoredJob[]>();

export async function markJobStarted(db: Database, jobId: JobId): Promise<void> {
  await db.model(JOBS).updateOne({ _id: jobId }, { $set: { isStarted: true } });
}

/** The account's jobs, newest first. */
export const listJobs = (
  db: Database,
  filter: { accountId: AccountId; status: JobStatus | undefined },
  page: PageQuery,
): Promise<Page<StoredJob>> => listPage(db, JOBS, filter, page);
