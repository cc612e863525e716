import type { AccountId, RecordId } from '../schemas/ids';
import type { ValueBounds } from '../schemas/job';
import type { StoredRecord } from '../schemas/record';
import type { Database } from './database';
import { RECORDS } from './records';

/** Most records that one query looks through: date fields have no index, and a query must end well within its time. */
const WINDOW = 5000;

/** Which records may have their day: of this type, or any when null, with the field within bounds, or whatever it holds. */
export interface DateSearch {
  objectTypeId: number | null;
  field: { fieldId: string; bounds: ValueBounds } | null;
}

/**
 * The next records of the account that fit any of the searches, in the order of their ids.
 *
 * @param searches at least one
 * @param page.limit most that are returned
 * @returns them, and the id after which to go on; null when all were looked through
 */
export async function findRecordsByDates(
  db: Database,
  of: { accountId: AccountId; searches: readonly DateSearch[] },
  page: { after: RecordId | null; upTo: RecordId; limit: number },
): Promise<{ records: Pick<StoredRecord, '_id' | 'objectTypeId' | 'fields'>[]; next: RecordId | null }> {
  const { accountId, searches } = of;
  const types = [...new Set(searches.map(({ objectTypeId }) => objectTypeId))];
  const among = { accountId, ...(types.includes(null) ? {} : { objectTypeId: { $in: types } }) };
  const range = { ...(page.after ? { $gt: page.after } : {}), $lte: page.upTo };
  const [last] = await db
    .model(RECORDS)
    .find({ ...among, _id: range } as object, { _id: 1 })
    .sort({ _id: 1 })
    .skip(WINDOW - 1)
    .limit(1)
    .lean<Pick<StoredRecord, '_id'>[]>();
  const window = { ...range, $lte: last?._id ?? page.upTo };
  const records = await db
    .model(RECORDS)
    .find({ ...among, _id: window, $or: searches.map(filterOf) } as object, { objectTypeId: 1, fields: 1 })
    .sort({ _id: 1 })
    .limit(page.limit)
    .lean<StoredRecord[]>();
  const isFull = records.length === page.limit;
  return { records, next: (isFull ? records.at(-1)?._id : last?._id) ?? null };
}

const filterOf = ({ objectTypeId, field }: DateSearch): object => ({
  ...(objectTypeId === null ? {} : { objectTypeId }),
  ...(field ? { [`fields.${field.fieldId}`]: valueFilter(field.bounds) } : {}),
});

const valueFilter = (bounds: ValueBounds): object =>
  'from' in bounds
    ? { $gte: bounds.from, $lt: bounds.below }
    : { $regex: `^[0-9]{4}-(${bounds.monthDays.join('|')})T` };
