import type mongoose from 'mongoose';
import { AppError } from '../lib/errors';
import type { Collection, Database, Session } from './database';

/** A query that a client wrote must not hold the database for longer. */
export const QUERY_MS = 15_000;
const MAX_TIME_EXPIRED = 50;

/** Part of a collection. */
export interface Rows {
  /** With the account's id in it */
  filter: Record<string, unknown>;
  sort?: Record<string, 1 | -1>;
  skip?: number;
  limit?: number;
}

/** Rows that a filter finds, by default oldest first. @throws AppError `query.too-slow` after 15 s */
export const findRows = async <T>(db: Database, from: Collection<T>, rows: Rows, session?: Session): Promise<T[]> =>
  (await db
    .model(from)
    .find(rows.filter as mongoose.QueryFilter<T>, null, session ? { session } : {})
    .sort(rows.sort ?? { _id: 1 })
    .skip(rows.skip ?? 0)
    .limit(rows.limit ?? 0)
    .maxTimeMS(QUERY_MS)
    .lean()
    .catch(refuseSlow)) as unknown as T[];

/** How many rows a filter finds. @throws AppError `query.too-slow` after 15 s */
export const countRows = async <T>(db: Database, from: Collection<T>, filter: Rows['filter']): Promise<number> =>
  db
    .model(from)
    .countDocuments(filter as mongoose.QueryFilter<T>)
    .maxTimeMS(QUERY_MS)
    .catch(refuseSlow);

/** A query that took too long, as an error of ours. @throws AppError `query.too-slow`; what it is given otherwise */
export function refuseSlow(error: unknown): never {
  const isSlow = (error as { code?: unknown } | null)?.code === MAX_TIME_EXPIRED;
  throw isSlow ? new AppError('query.too-slow', {}, { cause: error }) : error;
}
