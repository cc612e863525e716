import { boundsOf, factsOn } from '../domain/date-targets';
import { AppError } from '../lib/errors';
import { deriveIdAt } from '../lib/ids';
import type { Fact } from '../schemas/event';
import type { EventId, RecordId } from '../schemas/ids';
import type { StoredJob } from '../schemas/job';
import type { StoredRecord } from '../schemas/record';
import { isDuplicate, transaction } from '../store/database';
import { findRecordsByDates } from '../store/date-records';
import { findEventIds } from '../store/events';
import { appendRecordFacts } from '../store/records';
import type { Dependencies } from './dependencies';

/** Most records of one page; with the pause after it, at most so many facts a second and target. */
const PAGE = 100;
const PAGE_MS = 1000;

/** A page of a sweep: how far it came, how many facts it wrote, and how many were there already. */
export interface Swept {
  cursor: RecordId | null;
  done: number;
  skipped: number;
  isEnded: boolean;
  /** To wait before the next page, in milliseconds */
  waitMs: number;
}

type Row = Pick<StoredRecord, '_id' | 'objectTypeId' | 'fields'>;

/**
 * Tells of the dates that have come for the next page of records. Each fact has an id made of record, target and day, so
 * that it is written once, whatever is repeated.
 *
 * @throws MongoDB's errors; the page is then tried again
 * @source docs/events.md
 */
export async function sweepDates(deps: Pick<Dependencies, 'db' | 'onEvents'>, job: StoredJob): Promise<Swept> {
  const { sweep, accountId } = job;
  if (!sweep || sweep.targets.length === 0) return { cursor: null, done: 0, skipped: 0, isEnded: true, waitMs: 0 };
  const searches = sweep.targets.map(({ objectTypeId, listened }) => {
    const bounds = boundsOf(listened, sweep);
    return {
      objectTypeId,
      field: bounds && 'fieldId' in listened ? { fieldId: listened.fieldId, bounds } : null,
    };
  });
  const page = { after: job.cursor as RecordId | null, upTo: job.upTo as RecordId, limit: PAGE };
  const { records, next } = await findRecordsByDates(deps.db, { accountId, searches }, page);
  const told = records.map((record) => ({ record, facts: factsOn(sweep, record, sweep.targets) }));
  const idOf = ({ _id }: Row, fact: Fact): EventId =>
    deriveIdAt('event', new Date(`${sweep.day}T00:00:00Z`), _id, JSON.stringify(fact));
  const ids = told.flatMap(({ record, facts }) => facts.map((fact) => idOf(record, fact)));
  const known = new Set(await findEventIds(deps.db, ids));
  let done = 0;
  for (const { record, facts } of told)
    for (const fact of facts) {
      const eventId = idOf(record, fact);
      if (!known.has(eventId) && (await tellOnce(deps, job, { recordId: record._id, eventId, fact }))) done++;
    }
  if (done > 0) deps.onEvents();
  const waitMs = next === null || ids.length === 0 ? 0 : PAGE_MS;
  return { cursor: next, done, skipped: ids.length - done, isEnded: next === null, waitMs };
}

/** @returns false when it was told meanwhile, or the record is gone */
async function tellOnce(
  { db }: Pick<Dependencies, 'db'>,
  { accountId }: StoredJob,
  of: { recordId: RecordId; eventId: EventId; fact: Fact },
): Promise<boolean> {
  const { recordId, eventId, fact } = of;
  try {
    const about = { accountId, recordId, facts: [fact], hops: 0, eventIds: [eventId] };
    await transaction(db, (session) => appendRecordFacts(db, session, about));
    return true;
  } catch (error) {
    if (isDuplicate(error) || isRecordGone(error)) return false;
    throw error;
  }
}

const isRecordGone = (error: unknown): boolean => error instanceof AppError && error.code === 'record.not-found';
