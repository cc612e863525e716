import type mongoose from 'mongoose';
import { monotonicMs } from '../lib/clock';
import type { StoredDelivery } from '../schemas/delivery';
import type { Database } from './database';
import { DELIVERIES } from './deliveries';
import type { NarrowedDeliveries } from './delivery-filter';

/** Rows found, newest first, and the id down to which all was looked at; null when there is no more. */
export interface ScannedDeliveries {
  rows: StoredDelivery[];
  downTo: string | null;
}

const WINDOW_MIN = 250;
const WINDOW_MAX = 8000;
const QUICK_MS = 100;
const SLOW_MS = 400;
const QUERY_MS_MAX = 10_000;

/**
 * Walks the rows of a filter from the newest to the oldest, in parts. What no index can decide is held against a window
 * of rows at a time, so that each query is short however rare the matches are; every part says how far it came.
 *
 * @param at.before ids before this one only: where another scan ended
 * @param at.size   most rows of a part
 * @throws MongoDB's errors
 */
export async function* scanDeliveries(
  db: Database,
  filter: NarrowedDeliveries,
  at: { before: string | undefined; size: number },
): AsyncGenerator<ScannedDeliveries, void, void> {
  let before = [at.before, filter.to].filter((id) => id !== undefined).sort()[0];
  let window = Math.max(WINDOW_MIN, at.size);
  for (;;) {
    const startedMs = monotonicMs();
    const part = filter.rest
      ? await scanWindow(db, filter, { before, window, size: at.size })
      : await findRows(db, filter.where, { from: filter.from, before, size: at.size });
    const tookMs = monotonicMs() - startedMs;
    yield part;
    if (part.downTo === null) return;
    before = part.downTo;
    if (tookMs < QUICK_MS) window = Math.min(WINDOW_MAX, window * 2);
    if (tookMs > SLOW_MS) window = Math.max(WINDOW_MIN, Math.floor(window / 2));
  }
}

interface Range {
  from: string | undefined;
  before: string | undefined;
  size: number;
}

async function scanWindow(
  db: Database,
  filter: NarrowedDeliveries,
  at: { before: string | undefined; window: number; size: number },
): Promise<ScannedDeliveries> {
  const { where, rest, from } = filter;
  const edge = await db
    .model(DELIVERIES)
    .findOne(conditions(where, { from, before: at.before }), { _id: 1 })
    .sort({ _id: -1 })
    .skip(at.window - 1)
    .maxTimeMS(QUERY_MS_MAX)
    .lean<{ _id: string }>();
  const found = await findRows(
    db,
    { ...where, ...rest },
    { from: edge?._id ?? from, before: at.before, size: at.size },
  );
  return { rows: found.rows, downTo: found.downTo ?? edge?._id ?? null };
}

async function findRows(db: Database, where: Record<string, unknown>, range: Range): Promise<ScannedDeliveries> {
  const rows = await db
    .model(DELIVERIES)
    .find(conditions(where, range))
    .sort({ _id: -1 })
    .limit(range.size)
    .maxTimeMS(QUERY_MS_MAX)
    .lean<StoredDelivery[]>();
  return { rows, downTo: rows.length < range.size ? null : (rows.at(-1)?._id ?? null) };
}

function conditions(
  where: Record<string, unknown>,
  { from, before }: Omit<Range, 'size'>,
): mongoose.QueryFilter<StoredDelivery> {
  const range = { ...(from ? { $gte: from } : {}), ...(before ? { $lt: before } : {}) };
  return (from || before ? { ...where, _id: range } : where) as mongoose.QueryFilter<StoredDelivery>;
}
