import { parseFieldValues, relationsIn } from '../../domain/parse-field-values';
import type { Field } from '../../schemas/field';
import type { FormSettings } from '../../schemas/form';
import type { AccountId } from '../../schemas/ids';
import { OBJECT_TYPE } from '../../schemas/object-type';
import type { Problem } from '../../schemas/problem';
import type { Database, Session } from '../../store/database';
import { getObjectType } from '../../store/object-types';
import { findRecord } from '../../store/records';
import { findTags } from '../../store/tags';
import { checkRelations } from './check-relations';

/**
 * What is wrong with the settings of a form, all at once: fields that are none, values that do not fit, tags and
 * products that are not there.
 *
 * @throws AppError `object-type.not-found`
 */
export async function checkForm(
  db: Database,
  session: Session,
  given: { accountId: AccountId; settings: FormSettings },
): Promise<Problem[]> {
  const { accountId, settings } = given;
  const { fields } = await getObjectType(db, accountId, settings.objectTypeId, session);
  const tags = new Set((await findTags(db, accountId, settings.tagIds, session)).map(({ _id }) => _id));
  const tagProblems = settings.tagIds.flatMap((tagId, index) =>
    tags.has(tagId) ? [] : [{ path: `tagIds.${index}`, message: 'names no tag of the account' }],
  );
  const isMatchAsked = settings.fields.some(({ fieldId }) => fieldId === settings.matchBy);
  const matchProblem = {
    path: 'matchBy',
    message: 'must be one of the fields of the form, or null for a new record each time',
  };
  return [
    ...settings.fields.flatMap((_, index) => checkField(settings, index, fields)),
    ...(await checkHiddenRelations(db, session, given, fields)),
    ...(settings.matchBy === null || isMatchAsked ? [] : [matchProblem]),
    ...tagProblems,
    ...(await checkOrder(db, session, given)),
  ];
}

function checkField(settings: FormSettings, index: number, fields: readonly Field[]): Problem[] {
  const { fieldId, isHidden, value } = settings.fields[index] as FormSettings['fields'][number];
  const path = `fields.${index}`;
  const field = fields.find(({ id }) => id === fieldId);
  if (!field) {
    const known = fields.map(({ id }) => id).join(', ');
    return [{ path: `${path}.fieldId`, message: `is no field of this object type; it has ${known}` }];
  }
  const isTwice = settings.fields.slice(0, index).some((before) => before.fieldId === fieldId);
  const isOpenRelation = field.type === 'parent' && !isHidden;
  const { problems } = parseFieldValues(value === undefined ? {} : { [fieldId]: value }, fields);
  return [
    ...(isTwice ? [{ path: `${path}.fieldId`, message: 'is there twice' }] : []),
    ...(isOpenRelation ? [{ path: `${path}.isHidden`, message: 'must be true for a relation to another record' }] : []),
    ...(isHidden && value === undefined
      ? [{ path: `${path}.value`, message: 'must be given for a hidden field' }]
      : []),
    ...problems.map(({ message }) => ({ path: `${path}.value`, message })),
  ];
}

async function checkHiddenRelations(
  db: Database,
  session: Session,
  given: { accountId: AccountId; settings: FormSettings },
  fields: readonly Field[],
): Promise<Problem[]> {
  const relations = given.settings.fields.flatMap(({ fieldId, value }, index) => {
    const { values } = parseFieldValues(value === undefined ? {} : { [fieldId]: value }, fields);
    return relationsIn(values, fields).map((found) => ({ ...found, path: `fields.${index}.value` }));
  });
  const dead = await checkRelations(db, { accountId: given.accountId, relations }, session);
  return dead.map(({ problem }) => problem);
}

async function checkOrder(
  db: Database,
  session: Session,
  given: { accountId: AccountId; settings: FormSettings },
): Promise<Problem[]> {
  const { order, objectTypeId } = given.settings;
  if (!order) return [];
  const product = await findRecord(db, { accountId: given.accountId, recordId: order.productId }, session);
  const isContact = objectTypeId === OBJECT_TYPE.contact;
  const path = 'order.productId';
  return [
    ...(isContact ? [] : [{ path: 'objectTypeId', message: 'must be 0 for an order form, since contacts buy' }]),
    ...(product?.objectTypeId === OBJECT_TYPE.product ? [] : [{ path, message: 'names no product of the account' }]),
    ...(product && order.price === undefined && typeof product.fields.price !== 'number'
      ? [{ path: 'order.price', message: 'must be given, since the product has no price' }]
      : []),
  ];
}
