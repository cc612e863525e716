import type mongoose from 'mongoose';
import type { Collection, Database, Session } from './database';

/** A query that a client wrote must not hold the database for longer. */
const QUERY_MS = 15_000;

/** Part of a collection. */
export interface Rows {
  /** With the account's id in it */
  filter: Record<string, unknown>;
  sort?: Record<string, 1 | -1>;
  skip?: number;
  limit?: number;
}

/** Rows that a filter finds, by default oldest first. @throws MongoDB's errors, that of a query of more than 15 s included */
export const findRows = async <T>(db: Database, from: Collection<T>, rows: Rows, session?: Session): Promise<T[]> =>
  (await db
    .model(from)
    .find(rows.filter as mongoose.QueryFilter<T>, null, session ? { session } : {})
    .sort(rows.sort ?? { _id: 1 })
    .skip(rows.skip ?? 0)
    .limit(rows.limit ?? 0)
    .maxTimeMS(QUERY_MS)
    .lean()) as unknown as T[];

/** How many rows a filter finds. @throws MongoDB's errors, that of a query of more than 15 s included */
export const countRows = async <T>(db: Database, from: Collection<T>, filter: Rows['filter']): Promise<number> =>
  db
    .model(from)
    .countDocuments(filter as mongoose.QueryFilter<T>)
    .maxTimeMS(QUERY_MS);
