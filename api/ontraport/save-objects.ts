import { z } from 'zod';
import { AppError } from '../../lib/errors';
import type { StoredAccount } from '../../schemas/account';
import type { FieldValues } from '../../schemas/field';
import type { StoredRecord } from '../../schemas/record';
import type { Database, Session } from '../../store/database';
import { findRows } from '../../store/find-rows';
import { deleteRecord, findRecordBy, RECORDS } from '../../store/records';
import { readFieldValues } from '../handlers/read-field-values';
import { changeRecord, createRecord, saveRecord } from '../handlers/save-record';
import { invalid } from '../problem';
import { readAbout } from './about-record';
import { choiceParameters, chooseRows, DELETED_MAX } from './choose-rows';
import { decimalId, flag, objectID, optional } from './parameters';
import { readFields } from './read-fields';
import { getNumbered, openRecords } from './records';
import type { Shown } from './resource';
import { writeCall } from './route';

const tag = 'Objects';
const takesFields = true;
const example = { objectID: 0, firstname: 'Ada', lastname: 'Lovelace', email: 'ada@example.com' };

type Records = Awaited<ReturnType<typeof openRecords>>;
const open = (db: Database, session: Session, account: StoredAccount, objectId: number): Promise<Records> =>
  openRecords(db, { accountId: account._id, objectID: objectId }, session);

/** Records of every object type: creating, changing and deleting them. */
export const objectWrites = [
  writeCall({
    method: 'post',
    path: '/objects',
    tag,
    summary: 'Create a record',
    description: 'Always a new one; POST /objects/saveorupdate looks for one with the same e-mail address first.',
    parameters: z.object({ objectID }),
    takesFields,
    example,
    answer: { id: '8', firstname: 'Ada', email: 'ada@example.com' },
    handler: async ({ db }, { account, given, rest }, session) => {
      const records = await open(db, session, account, given.objectID);
      const fields = await readGivenFields(db, session, rest, records);
      return { data: await showNew(records, await create(db, session, records, fields)) };
    },
  }),
  writeCall({
    method: 'put',
    path: '/objects',
    tag,
    summary: 'Change fields of a record',
    description: 'By "id", or by "unique_id". An empty value empties the field.',
    parameters: z.object({ objectID, id: optional(decimalId), unique_id: optional(z.string().max(100)) }),
    takesFields,
    answer: { attrs: { firstname: 'Augusta', dlm: '1767225600', id: '8' } },
    handler: async ({ db }, { account, given, rest }, session) => {
      const records = await open(db, session, account, given.objectID);
      const record = await findNamed(db, session, records, given);
      if (!record) throw invalid({ path: 'id', message: 'must be given, or "unique_id"' });
      return {
        data: await change(db, session, records, { record, fields: await readGivenFields(db, session, rest, records) }),
      };
    },
  }),
  writeCall({
    method: 'post',
    path: '/objects/saveorupdate',
    tag,
    summary: 'Create a record, or change the one that matches',
    description:
      'By "id" or "unique_id" where one is given, else by the e-mail address. With "ignore_blanks" empty values change nothing.',
    parameters: z.object({
      objectID,
      id: optional(decimalId),
      unique_id: optional(z.string().max(100)),
      ignore_blanks: flag.default(false),
    }),
    takesFields,
    example,
    answer: { attrs: { firstname: 'Ada', dlm: '1767225600', id: '8' } },
    handler: async ({ db }, { account, given, rest }, session) => {
      const records = await open(db, session, account, given.objectID);
      const all = await readGivenFields(db, session, rest, records);
      const fields = given.ignore_blanks
        ? Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
        : all;
      const named = await findNamed(db, session, records, given);
      if (named) return { data: await change(db, session, records, { record: named, fields }) };
      const { accountId, objectTypeId } = records.type;
      const isByEmail = Boolean(fields.email) && records.type.fields.some(({ id }) => id === 'email');
      if (!isByEmail) return { data: await showNew(records, await create(db, session, records, fields)) };
      const { email } = await readFieldValues(db, session, { email: fields.email ?? null }, records.type);
      const before = await findRecordBy(db, session, { accountId, objectTypeId, fieldId: 'email', value: email });
      const wanted = { accountId, objectTypeId, matchBy: 'email', fields, tags: [] };
      const after = await saveRecord(db, session, wanted);
      return { data: before ? await showChange(records, before, after) : await showNew(records, after) };
    },
  }),
  writeCall({
    method: 'delete',
    path: '/object',
    tag,
    summary: 'Delete a record',
    parameters: z.object({ objectID, id: decimalId }),
    answer: { id: '8' },
    handler: async ({ db }, { account, given }, session) => {
      const records = await open(db, session, account, given.objectID);
      const record = await getNumbered(db, records, given.id, session);
      await deleteRecord(db, session, { accountId: record.accountId, recordId: record._id });
      return { data: { id: String(record.number) } };
    },
  }),
  writeCall({
    method: 'delete',
    path: '/objects',
    tag,
    summary: 'Delete the records that the parameters choose',
    description: `All of them or none: at most ${DELETED_MAX} at a time. "ids", "condition", "search" or "performAll" must be given; "sort", "start" and "range" narrow what they choose.`,
    parameters: choiceParameters.extend({ objectID }),
    answer: { count: '2' },
    handler: async ({ db }, { account, given }, session) => {
      const resource = await open(db, session, account, given.objectID);
      const chosen = await chooseRows(db, session, { resource, names: 'records' }, given);
      for (const { accountId, _id } of chosen) await deleteRecord(db, session, { accountId, recordId: _id });
      return { data: { count: String(chosen.length) } };
    },
  }),
];

/** The record that "id" or "unique_id" names; null when neither is given. @throws AppError `record.not-found` */
async function findNamed(
  db: Database,
  session: Session,
  records: Records,
  named: { id?: number | undefined; unique_id?: string | undefined },
): Promise<StoredRecord | null> {
  if (named.id !== undefined) return getNumbered(db, records, named.id, session);
  if (named.unique_id === undefined) return null;
  const filter = { ...records.where, _id: named.unique_id };
  const [record] = await findRows(db, RECORDS, { filter, limit: 1 }, session);
  if (!record) throw new AppError('record.not-found');
  return record;
}

const readGivenFields = async (
  db: Database,
  session: Session,
  given: Record<string, unknown>,
  { type }: Records,
): Promise<FieldValues> => readFields(db, session, await readAbout(db, session, given, type), type);

const create = (db: Database, session: Session, { type }: Records, fields: FieldValues): Promise<StoredRecord> =>
  createRecord(db, session, { accountId: type.accountId, objectTypeId: type.objectTypeId, fields, tags: [] });

async function change(
  db: Database,
  session: Session,
  records: Records,
  { record, fields: given }: { record: StoredRecord; fields: FieldValues },
): Promise<{ attrs: Shown }> {
  const fields = await readFieldValues(db, session, given, records.type);
  return showChange(records, record, await changeRecord(db, session, record, { fields, add: [], remove: [] }));
}

const showNew = async (records: Records, record: StoredRecord): Promise<Shown> =>
  (await records.show([record]))[0] ?? {};

/** Ontraport answers a change with what differs now. */
async function showChange(records: Records, before: StoredRecord, after: StoredRecord): Promise<{ attrs: Shown }> {
  const [was = {}, is = {}] = await records.show([before, after]);
  const changed = Object.entries(is).filter(([name, value]) => value !== was[name]);
  return { attrs: { ...Object.fromEntries(changed), dlm: is.dlm, id: is.id } };
}
