import type { Condition } from '../../schemas/condition';

type Group = Extract<Condition, { kind: 'all' | 'any' }>;
const isGroup = (condition: Condition): condition is Group => condition.kind === 'all' || condition.kind === 'any';

/** One condition of a row that is read from left to right, and how it is joined to what stands before it. */
export interface Joined {
  joined: Group['kind'];
  condition: Condition;
}

/** The same question with groups of one taken apart, and groups in a group of their kind merged. @throws never */
export function simplifyCondition(condition: Condition): Condition {
  if (condition.kind === 'not') return { kind: 'not', of: simplifyCondition(condition.of) };
  if (!isGroup(condition)) return condition;
  const of = condition.of.map(simplifyCondition).flatMap((part) => (part.kind === condition.kind ? part.of : [part]));
  const [only] = of;
  return of.length === 1 && only ? only : { kind: condition.kind, of: of as Condition[] };
}

/**
 * A row read from left to right, without brackets: `a AND b OR c` is `(a AND b) OR c`.
 *
 * @returns undefined for an empty row
 * @throws never
 */
export function foldConditions(row: readonly Joined[]): Condition | undefined {
  let left: Condition | undefined;
  // A group that an item brings stands for itself: only groups made here grow.
  let made: Group | undefined;
  for (const { joined, condition } of row) {
    if (left === undefined) left = condition;
    else if (made?.kind === joined) made.of.push(condition);
    else {
      made = { kind: joined, of: [left, condition] };
      left = made;
    }
  }
  return left;
}

/** The row that folds to this condition; what stands in brackets elsewhere than first is one condition of it. @throws never */
export function unfoldCondition(condition: Condition): Joined[] {
  if (!isGroup(condition)) return [{ joined: 'all', condition }];
  const [first, ...rest] = condition.of;
  if (!first) return [];
  return [...unfoldCondition(first), ...rest.map((part): Joined => ({ joined: condition.kind, condition: part }))];
}
