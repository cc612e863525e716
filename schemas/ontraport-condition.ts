import { z } from 'zod';

const LIST_MAX = 500;

/** Operators of the `condition` parameter of the API under /1. Source: reference "Common rules". */
export const CONDITION_OPERATORS = [
  '=',
  '<>',
  '>',
  '<',
  '>=',
  '<=',
  'IN',
  'NOT IN',
  'IS',
  'LIKE',
  'CONTAINS',
  'DOES NOT CONTAIN',
] as const;
export type ConditionOperator = (typeof CONDITION_OPERATORS)[number];

const inCapitals = (word: unknown): unknown => (typeof word === 'string' ? word.trim().toUpperCase() : word);
const value = z.object({ value: z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]) });

/** One test of a `condition`. */
export const conditionTest = z.object({
  field: z.object({ field: z.string().max(100) }),
  op: z.preprocess(inCapitals, z.enum(CONDITION_OPERATORS)),
  value: z.union([value, z.object({ list: z.array(value).min(1).max(LIST_MAX) })]),
});
export type ConditionTest = z.output<typeof conditionTest>;

/** What joins two tests. */
export const conjunction = z.preprocess(inCapitals, z.enum(['AND', 'OR']));
