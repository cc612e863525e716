import { parseFieldValues, relationsIn } from '../../domain/parse-field-values';
import type { FieldValues } from '../../schemas/field';
import type { Database, Session } from '../../store/database';
import type { StoredObjectType } from '../../store/object-types';
import { refuse } from '../problem';
import { checkRelations } from './check-relations';

/**
 * Values by the types of their fields; relations lead to records that are there.
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
  const relations = relationsIn(values, type.fields).map((found) => ({ ...found, path: `fields.${found.fieldId}` }));
  const dead = await checkRelations(db, { accountId: type.accountId, relations }, session);
  refuse(dead.map(({ problem }) => problem));
  return values;
}
