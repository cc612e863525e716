import type { ObjectType } from '../schemas/object-type';
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

/** The label with the fewest differing letters; null when over half of the longer one differs. */
function findClosest(label: string, names: readonly string[]): string | null {
  let closest: string | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const distance = editDistance(label.toLowerCase(), name.toLowerCase());
    if (distance < fewest && distance <= Math.max(label.length, name.length) / 2) [closest, fewest] = [name, distance];
  }
  return closest;
}

/** Letters to insert, delete or replace to make one text of the other (Levenshtein). */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
