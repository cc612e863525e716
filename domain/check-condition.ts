import type { Condition } from '../schemas/condition';
import type { Problem } from '../schemas/problem';
import type { Known } from './check-reference';

/**
 * What is wrong inside a condition beside what it names, which `checkReference` tells of: a date that moves with the clock
 * is only compared with fields that hold dates.
 *
 * @param path of the condition
 * @returns problems with paths inside what holds the condition
 * @throws never
 */
export function checkCondition(
  condition: Condition | undefined,
  path: string,
  known: Pick<Known, 'objectType'>,
): Problem[] {
  switch (condition?.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap((part, index) => checkCondition(part, `${path}.of.${index}`, known));
    case 'not':
      return checkCondition(condition.of, `${path}.of`, known);
    case 'field': {
      if (typeof condition.value !== 'object') return [];
      const field = known.objectType.fields.find(({ id }) => id === condition.fieldId);
      if (!field || field.type === 'fulldate') return [];
      const message = `${field.label} holds no dates, so it cannot be compared with one; choose a date field or another value.`;
      return [{ path: `${path}.value`, message }];
    }
    default:
      return [];
  }
}
