import type { Field } from '../../schemas/field';
import { OBJECT_TYPE, type ObjectType } from '../../schemas/object-type';
import type { Database, Session } from '../../store/database';
import { findByNumber } from '../../store/numbers';
import type { StoredObjectType } from '../../store/object-types';
import { RECORDS } from '../../store/records';
import { invalid } from '../problem';

const ABOUT = 'about_record';
const ABOUT_RECORDS: readonly number[] = [OBJECT_TYPE.task, OBJECT_TYPE.note];
const isAboutRecords = ({ objectTypeId }: Pick<ObjectType, 'objectTypeId'>): boolean =>
  ABOUT_RECORDS.includes(objectTypeId);

/** Whether a field leads to a record: relations, and what a task or a note is about, of whatever type. @throws never */
export const isRelation = (type: Pick<ObjectType, 'objectTypeId'>, field: Field): boolean =>
  field.type === 'parent' || (field.id === ABOUT && isAboutRecords(type));

/**
 * Values of fields with what a task or a note is about named by its id under /v1, where its decimal id is given.
 *
 * @throws AppError `request.invalid` when there is no such record
 */
export async function readAbout(
  db: Database,
  session: Session,
  given: Record<string, unknown>,
  type: StoredObjectType,
): Promise<Record<string, unknown>> {
  const value = given[ABOUT];
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  if (!isAboutRecords(type) || !/^\d{1,15}$/.test(text)) return given;
  const record = await findByNumber(db, RECORDS as never, { accountId: type.accountId, number: Number(text) }, session);
  if (!record) throw invalid({ path: `fields.${ABOUT}`, message: `there is no record with the id ${text}` });
  return { ...given, [ABOUT]: record._id };
}
