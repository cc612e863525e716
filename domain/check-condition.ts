import type { Condition, ConditionLeaf } from '../schemas/condition';
import { CONDITION_ROWS } from '../schemas/condition-catalogue';
import { isFitting } from '../schemas/fits';
import type { ObjectType } from '../schemas/object-type';
import type { Problem } from '../schemas/problem';

/** Of what is asked: records of one type, or null for any; and whether an entry asks, whose variables are there then. */
interface Asked {
  objectType: ObjectType | null;
  isOfEntry?: true;
}

const NO_ENTRY = 'Variables belong to an entry, so only the condition elements of a map can ask for them.';

/**
 * What is wrong inside a condition beside what it names, which `checkReference` tells of: it must be asked of what the object
 * type has, and a date that moves with the clock is only compared with fields that hold dates.
 *
 * @param path of the condition
 * @returns problems with paths inside what holds the condition
 * @throws never
 */
export function checkCondition(condition: Condition | undefined, path: string, asked: Asked): Problem[] {
  if (!condition) return [];
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap((part, index) => checkCondition(part, `${path}.of.${index}`, asked));
    case 'not':
      return checkCondition(condition.of, `${path}.of`, asked);
    default:
      return checkLeaf(condition, path, asked);
  }
}

function checkLeaf(leaf: ConditionLeaf, path: string, { objectType, isOfEntry }: Asked): Problem[] {
  if (leaf.kind === 'variable' && !isOfEntry) return [{ path, message: NO_ENTRY }];
  if (!objectType) return [];
  const misfit = CONDITION_ROWS.find(({ kind, fits }) => kind === leaf.kind && !isFitting(fits, objectType));
  if (misfit)
    return [
      { path, message: `"${leaf.kind}" is asked only of contacts, never of ${objectType.plural}; leave it out.` },
    ];
  if (leaf.kind !== 'field' || typeof leaf.value !== 'object') return [];
  const field = objectType.fields.find(({ id }) => id === leaf.fieldId);
  if (!field || field.type === 'fulldate') return [];
  const message = `${field.label} holds no dates, so it cannot be compared with one; choose a date field or another value.`;
  return [{ path: `${path}.value`, message }];
}
