import type { ObjectType } from '../schemas/object-type';
import { findClosest } from './find-closest';
import { isVariable, labelsOf, partsOf, RECORD_ID_FIELD, RELATIONS_MAX, relationsOf } from './merge-labels';

/**
 * What to tell about a label that names nothing: where it goes wrong, and the label that was probably meant.
 *
 * @param types object types by number, those that relations lead to
 * @returns a sentence for people
 * @throws never
 * @source docs/merge-fields.md
 */
export function describeUnknownLabel(
  label: string,
  objectType: ObjectType,
  types: ReadonlyMap<number, ObjectType> = new Map(),
): string {
  const parts = partsOf(label);
  if (isVariable(parts))
    return `[${label}] names no variable: write [Entry//order_id], with a name of a-z, 0-9 and _ that starts with a letter (at most 64)`;
  if (parts.length > RELATIONS_MAX + 1)
    return `[${label}] goes over ${parts.length - 1} relations; at most ${RELATIONS_MAX} are possible`;
  let type: ObjectType | undefined = objectType;
  for (const [index, part] of parts.slice(0, -1).entries()) {
    const relations = relationsOf(type);
    const relation = relations.get(part.toLowerCase());
    if (!relation) {
      const names = [...relations.values()].map((field) => field.label);
      return `[${label}] names no relation of ${type.plural}; ${hintOf(parts, { index, names, what: 'relations' })}`;
    }
    type = types.get(relation.objectTypeId);
    if (!type) return `[${label}] leads to an object type that the account does not have`;
  }
  const names = [...type.fields.map((field) => field.label), ...builtInLabels(type)];
  return `[${label}] names no field of ${type.plural}; ${hintOf(parts, { index: parts.length - 1, names, what: 'fields' })}`;
}

function hintOf(parts: readonly string[], wrong: { index: number; names: string[]; what: string }): string {
  if (wrong.names.length === 0) return 'it has none; add a field of type "parent" first';
  const closest = findClosest(parts[wrong.index] ?? '', wrong.names);
  return closest === null
    ? `choose one of its ${wrong.what}`
    : `did you mean [${parts.with(wrong.index, closest).join('//')}]?`;
}

const builtInLabels = (objectType: ObjectType): string[] =>
  [...labelsOf(objectType)]
    .filter(([, fieldId]) => fieldId === RECORD_ID_FIELD)
    .map(([label]) => label.replace(/\bid$/, 'ID').replace(/^./, (first) => first.toUpperCase()));
