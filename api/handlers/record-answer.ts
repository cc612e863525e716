import type { z } from 'zod';
import type { AccountId } from '../../schemas/ids';
import type { recordSchema, StoredRecord } from '../../schemas/record';
import type { Database, Session } from '../../store/database';
import { findTags } from '../../store/tags';

type RecordAnswer = z.input<typeof recordSchema>;

/** Records as they are shown: tags by id and name, all of them found in one query. */
export async function showRecords(
  db: Database,
  accountId: AccountId,
  records: readonly StoredRecord[],
  session?: Session,
): Promise<RecordAnswer[]> {
  const ids = [...new Set(records.flatMap((record) => record.tagIds))];
  const tags = new Map((await findTags(db, accountId, ids, session)).map((tag) => [tag._id, tag.name]));
  return records.map((record) => ({
    id: record._id,
    number: record.number,
    objectTypeId: record.objectTypeId,
    fields: record.fields,
    tags: record.tagIds.map((id) => ({ id, name: tags.get(id) ?? '' })),
    createdAt: record.createdAt.toISOString(),
    updatedAt: record.updatedAt.toISOString(),
  }));
}

/** One record as it is shown, read in the transaction that changed it. */
export async function showRecord(db: Database, record: StoredRecord, session?: Session): Promise<RecordAnswer> {
  const [shown] = await showRecords(db, record.accountId, [record], session);
  return shown as RecordAnswer;
}
