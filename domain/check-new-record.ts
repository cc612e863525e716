import type { Action } from '../schemas/action';
import type { FieldValue } from '../schemas/field';
import type { Problem } from '../schemas/problem';
import type { Known } from './check-reference';
import { checkTemplate } from './check-template';
import { makeFindTarget } from './merge-labels';
import { parseFieldValues } from './parse-field-values';
import { findMergeFields } from './render-template';

export type CreateRecord = Extract<Action, { kind: 'create-record' }>;

/**
 * What keeps a rule from making such a record. Values with merge fields are checked for these; whether what they make
 * fits its field is known only when the rule acts.
 *
 * @returns problems with paths inside the action: `fields.value`, `relate`
 * @throws never
 * @source docs/rules.md
 */
export function checkNewRecord(action: CreateRecord, known: Known): Problem[] {
  const type = known.objectTypes.get(action.objectTypeId);
  if (!type) return [{ path: 'objectTypeId', message: 'names no object type of the account' }];
  const { relate } = action;
  const back = relate === undefined ? undefined : type.fields.find(({ id }) => id === relate);
  const isBack = back?.type === 'parent' && back.objectTypeId === known.objectType.objectTypeId;
  const unknown = Object.entries(action.fields).flatMap(([fieldId, value]): Problem[] =>
    typeof value === 'string'
      ? checkTemplate(value, known).map((message) => ({ path: `fields.${fieldId}`, message }))
      : [],
  );
  // A value that is made of merge fields is taken for empty, which fits every field.
  const empty = Object.fromEntries(Object.keys(action.fields).map((fieldId): [string, FieldValue] => [fieldId, null]));
  return [
    ...parseFieldValues({ ...empty, ...fixedValuesOf(action, known) }, type.fields).problems,
    ...unknown,
    ...(relate === undefined || isBack
      ? []
      : [{ path: 'relate', message: `is no relation of ${type.plural} to ${known.objectType.plural}; add one first` }]),
    ...(relate !== undefined && Object.hasOwn(action.fields, relate)
      ? [{ path: `fields.${relate}`, message: 'is set by "relate" already; leave one of both out' }]
      : []),
  ];
}

/** Values without merge fields: what is saved is known from the beginning. @throws never */
export function fixedValuesOf(
  { fields }: CreateRecord,
  { objectType, objectTypes }: Pick<Known, 'objectType' | 'objectTypes'>,
): Record<string, FieldValue> {
  const find = makeFindTarget(objectType, objectTypes);
  const isFixed = (value: FieldValue): boolean =>
    typeof value !== 'string' || findMergeFields(value, find).known.length === 0;
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => isFixed(value)));
}
