import type { z } from 'zod';
import { changeFields, changeTags, deriveFacts } from '../../domain/derive-facts';
import { hashText } from '../../lib/ids';
import type { Fact } from '../../schemas/event';
import type { FieldValues } from '../../schemas/field';
import type { AccountId, TagId } from '../../schemas/ids';
import type { newRecord, RecordFacts, StoredRecord, savedRecord } from '../../schemas/record';
import type { Database, Session } from '../../store/database';
import { takeLock } from '../../store/locks';
import { getObjectType } from '../../store/object-types';
import { findRecordBy, insertRecord, replaceRecordFacts } from '../../store/records';
import { saveTagsByName } from '../../store/tags';
import { invalid } from '../problem';
import { readFieldValues } from './read-field-values';

/** Ids of tags by name, each once; missing tags are created. */
export async function tagIdsOf(
  db: Database,
  session: Session,
  tags: { accountId: AccountId; names: string[] },
): Promise<TagId[]> {
  return [...new Set((await saveTagsByName(db, session, tags)).map(({ _id }) => _id))];
}

/** Creates a record; the facts are that it was created and which tags it got. @throws AppError `request.invalid`, `object-type.not-found` */
export async function createRecord(
  db: Database,
  session: Session,
  given: z.output<typeof newRecord> & { accountId: AccountId },
): Promise<StoredRecord> {
  const { accountId } = given;
  const type = await getObjectType(db, accountId, given.objectTypeId, session);
  const fields = await readFieldValues(db, session, given.fields, type);
  const tagIds = await tagIdsOf(db, session, { accountId, names: given.tags });
  const facts: Fact[] = [{ type: 'record.created' }, ...tagIds.map((tagId): Fact => ({ type: 'tag.added', tagId }))];
  return insertRecord(db, session, { accountId, objectTypeId: type.objectTypeId, fields, tagIds, facts });
}

/**
 * Changes the record that has this value in its `matchBy` field, or creates one. Of several such requests at once, one
 * creates and the others change what it created.
 *
 * @throws AppError `request.invalid`, `object-type.not-found`
 */
export async function saveRecord(
  db: Database,
  session: Session,
  given: z.output<typeof savedRecord> & { accountId: AccountId },
): Promise<StoredRecord> {
  const { accountId, objectTypeId, matchBy } = given;
  const value = given.fields[matchBy] ?? '';
  if (value === '') throw invalid({ path: `fields.${matchBy}`, message: 'must be given, since "matchBy" names it' });
  const name = hashText(JSON.stringify([accountId, objectTypeId, matchBy, value]));
  await takeLock(db, session, `record ${name}`);

  const type = await getObjectType(db, accountId, objectTypeId, session);
  const fields = await readFieldValues(db, session, given.fields, type);
  const by = { accountId, objectTypeId, fieldId: matchBy, value: fields[matchBy] };
  const record = await findRecordBy(db, session, by);
  if (!record) return createRecord(db, session, { accountId, objectTypeId, fields: given.fields, tags: given.tags });
  const add = await tagIdsOf(db, session, { accountId, names: given.tags });
  return changeRecord(db, session, record, { fields, add, remove: [] });
}

/** Writes a change and the facts that follow from it; none when nothing differs. */
export function changeRecord(
  db: Database,
  session: Session,
  record: StoredRecord,
  change: { fields: FieldValues; add: TagId[]; remove: TagId[] },
): Promise<StoredRecord> {
  const before: RecordFacts = { fields: record.fields, tagIds: record.tagIds };
  const after = changeTags(changeFields(before, change.fields), change);
  return replaceRecordFacts(db, session, { record, after, facts: deriveFacts(before, after), hops: 0 });
}
