import { parseFieldValues, relationsIn } from '../../domain/parse-field-values';
import type { FieldValues } from '../../schemas/field';
import type { Problem } from '../../schemas/problem';
import type { Database, Session } from '../../store/database';
import type { StoredObjectType } from '../../store/object-types';
import { findRecordsByIds } from '../../store/records';
import { refuse } from '../problem';

/**
 * Values by the types of their fields; relations lead to records of the account that have the right object type. All
 * relations are looked up in one query, and none is made when there are none.
 *
 * @throws AppError `request.invalid` naming each that does not fit
 */
export async function readFieldValues(
  db: Database,
  session: Session,
  given: FieldValues,
  type: StoredObjectType,
): Promise<FieldValues> {
  const { values, problems } = parseFieldValues(given, type.fields);
  refuse(problems);
  const relations = relationsIn(values, type.fields);
  const recordIds = relations.map(({ recordId }) => recordId);
  const found = await findRecordsByIds(db, { accountId: type.accountId, recordIds }, session);
  const typeOf = new Map(found.map((record) => [record._id, record.objectTypeId]));
  refuse(
    relations.flatMap(({ fieldId, recordId, objectTypeId }): Problem[] => {
      const path = `fields.${fieldId}`;
      const foundType = typeOf.get(recordId);
      if (foundType === undefined) return [{ path, message: 'names no record of the account' }];
      return foundType === objectTypeId
        ? []
        : [{ path, message: `must be a record of object type ${objectTypeId}; this one is of type ${foundType}` }];
    }),
  );
  return values;
}
