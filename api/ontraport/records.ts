import { valueIn } from '../../domain/derive-facts';
import type { Column, ColumnKind } from '../../domain/ontraport-condition';
import { joinList, optionOf, secondsOf, showValue } from '../../domain/ontraport-value';
import { AppError } from '../../lib/errors';
import type { Field, FieldType, FieldValue } from '../../schemas/field';
import type { AccountId, RecordId } from '../../schemas/ids';
import type { StoredRecord } from '../../schemas/record';
import type { Database, Session } from '../../store/database';
import { findRows } from '../../store/find-rows';
import { numberIs } from '../../store/numbers';
import { getObjectType, type StoredObjectType } from '../../store/object-types';
import { RECORDS } from '../../store/records';
import { findTags } from '../../store/tags';
import { isRelation } from './about-record';
import type { Described, Resource, Shown } from './resource';

const KINDS: Partial<Record<FieldType, ColumnKind>> = {
  numeric: 'number',
  price: 'number',
  check: 'boolean',
  fulldate: 'instant',
  list: 'list',
};

/** Fields that every record has beside those of its type. */
const SYSTEM_COLUMNS: readonly Column[] = [
  { name: 'id', path: 'number', kind: 'number' },
  { name: 'unique_id', path: '_id', kind: 'text' },
  { name: 'date', path: 'createdAt', kind: 'date' },
  { name: 'dlm', path: 'updatedAt', kind: 'date' },
];
const SYSTEM_FIELDS: readonly Described[] = [
  { name: 'id', alias: 'ID', type: 'numeric' },
  { name: 'unique_id', alias: 'Unique ID', type: 'text' },
  { name: 'owner', alias: 'Owner', type: 'numeric' },
  { name: 'date', alias: 'Date Added', type: 'timestamp' },
  { name: 'dlm', alias: 'Date Last Modified', type: 'timestamp' },
  { name: 'contact_cat', alias: 'Tags', type: 'list' },
];

/** Names in answers that clients may send back, and that change nothing. */
export const READ_ONLY: ReadonlySet<string> = new Set([
  ...SYSTEM_FIELDS.map(({ name }) => name),
  'dla',
  'date_added',
  'ip_addy',
  'object_type_id',
]);

/** Records of one object type, as the API under /1 lists and shows them. @throws AppError `object-type.not-found` */
export async function openRecords(
  db: Database,
  of: { accountId: AccountId; objectID: number },
  session?: Session,
): Promise<Resource<StoredRecord> & { type: StoredObjectType }> {
  const type = await getObjectType(db, of.accountId, of.objectID, session);
  return { ...describeRecords(type), type, show: (records) => showAs(db, type, records, session) };
}

/** What there is to know of a type without reading a record. @throws never */
export const describeRecords = (type: StoredObjectType): Omit<Resource<StoredRecord>, 'show'> => ({
  objectId: type.objectTypeId,
  name: type.name,
  from: RECORDS,
  where: { accountId: type.accountId, objectTypeId: type.objectTypeId },
  columns: [...SYSTEM_COLUMNS, ...type.fields.filter((field) => !isRelation(type, field)).map(columnOf)],
  fields: [...SYSTEM_FIELDS, ...type.fields.map(describe)],
  listFields: type.fields.slice(0, 4).map(({ id }) => id),
});

const columnOf = (field: Field): Column => ({
  name: field.id,
  path: `fields.${field.id}`,
  kind: KINDS[field.type] ?? 'text',
  ...(field.options ? { stored: (text: string) => optionOf(field, text) } : {}),
});

const describe = (field: Field): Described => ({
  name: field.id,
  alias: field.label,
  type: field.type,
  isEditable: true,
  ...(field.options
    ? { options: Object.fromEntries(field.options.map((name, index) => [String(index + 1), name])) }
    : {}),
});

async function showAs(
  db: Database,
  type: StoredObjectType,
  records: StoredRecord[],
  session?: Session,
): Promise<Shown[]> {
  const { accountId } = type;
  const relations = type.fields.filter((field) => isRelation(type, field));
  const related = relations.flatMap(({ id }) => records.map((record) => record.fields[id])).filter(Boolean);
  const filter = { accountId, _id: { $in: [...new Set(related as RecordId[])] } };
  const found = related.length === 0 ? [] : await findRows(db, RECORDS, { filter }, session);
  const numbers = new Map(found.map(({ _id, number }) => [_id as string, String(number)]));
  const tagIds = [...new Set(records.flatMap((record) => record.tagIds))];
  const tags = new Map((await findTags(db, accountId, tagIds, session)).map((tag) => [tag._id, String(tag.number)]));
  const numberOf = (id: string): string => numbers.get(id) ?? '';
  const show = (value: FieldValue | undefined, field: Field): string =>
    relations.includes(field) ? numberOf(String(value ?? '')) : showValue(value, field, numberOf);
  return records.map((record) => ({
    id: String(record.number),
    unique_id: record._id,
    owner: '1',
    ...Object.fromEntries(type.fields.map((field) => [field.id, show(valueIn(record, field.id), field)])),
    contact_cat: joinList(record.tagIds.flatMap((id) => tags.get(id) ?? [])),
    date: secondsOf(record.createdAt),
    dlm: secondsOf(record.updatedAt),
  }));
}

/** The record with this decimal id. @throws AppError `record.not-found` */
export async function getNumbered(
  db: Database,
  resource: Resource<StoredRecord>,
  number: number,
  session?: Session,
): Promise<StoredRecord> {
  const [record] = await findRows(
    db,
    RECORDS,
    { filter: { ...resource.where, number: numberIs(number) }, limit: 1 },
    session,
  );
  if (!record) throw new AppError('record.not-found');
  return record;
}

/** The records with these decimal ids, each once. @throws AppError `request.invalid` naming those that there are not */
export async function getAllNumbered(
  db: Database,
  resource: Resource<StoredRecord>,
  numbers: readonly number[],
  session: Session,
): Promise<StoredRecord[]> {
  const found = await findRows(
    db,
    RECORDS,
    { filter: { ...resource.where, number: numberIs({ $in: numbers }) } },
    session,
  );
  const missing = numbers.filter((number) => !found.some((record) => record.number === number));
  if (missing.length === 0) return found;
  const problems = [{ path: 'ids', message: `no record of this object type has the id ${missing.join(', ')}` }];
  throw new AppError('record.not-found', { problems });
}
