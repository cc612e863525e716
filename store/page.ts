import type mongoose from 'mongoose';
import { AppError } from '../lib/errors';
import type { Page, PageQuery } from '../schemas/page';
import type { Collection, Database } from './database';

/** An id as a cursor. */
export const toCursor = (id: string): string => Buffer.from(id).toString('base64url');

/** @throws AppError `request.invalid` */
export function fromCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!/^[a-z]{3}_[0-9a-z]{26}$/.test(id)) {
    throw new AppError('request.invalid', {
      problems: [{ path: 'cursor', message: 'is not a "nextCursor" of this list' }],
    });
  }
  return id;
}

/**
 * One page of a collection, newest first, in one indexed query: ids grow with time, so the id is the cursor.
 *
 * @param filter equality on indexed fields; undefined ones are left out
 * @throws AppError `request.invalid` for a cursor that is none
 */
export async function listPage<T extends { _id: string }>(
  db: Database,
  from: Collection<T>,
  filter: Record<string, unknown>,
  page: PageQuery,
): Promise<Page<T>> {
  const wanted = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
  if (page.cursor) wanted._id = { $lt: fromCursor(page.cursor) };
  const rows = (await db
    .model(from)
    .find(wanted as mongoose.QueryFilter<T>)
    .sort({ _id: -1 })
    .limit(page.limit + 1)
    .lean()) as unknown as T[];
  const items = rows.slice(0, page.limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > page.limit && last ? toCursor(last._id) : null };
}
