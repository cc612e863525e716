import { expect, test } from '@jest/globals';
import type { Condition, FieldOperator } from '../schemas/condition';
import type { FieldValue } from '../schemas/field';
import { matchCondition } from './match-condition';
import { NO_SURROUNDINGS } from './surroundings';

const match = (
  condition: Condition,
  fields: Record<string, FieldValue> = {},
  tagIds: `tag_${string}`[] = [],
): boolean => matchCondition(condition, { fields, tagIds });
const field = (op: FieldOperator, value?: string | number | boolean): Condition => ({
  kind: 'field',
  fieldId: 'f',
  op,
  value,
});
const YES: Condition = { kind: 'tag', op: 'has', tagId: 'tag_a' };
const NO: Condition = { kind: 'tag', op: 'lacks', tagId: 'tag_a' };

type Row = [value: FieldValue, op: FieldOperator, wanted: string | number | boolean | undefined, isMatch: boolean];
test.each<Row>([
  ['Ada', 'equals', 'ada', true],
  ['Ada', 'equals', 'Ad', false],
  ['10', 'equals', 10, true],
  [10, 'equals', '10', true],
  [10, 'equals', '10.0', true],
  ['010', 'equals', '10', false],
  [null, 'equals', 0, false],
  ['', 'equals', 0, false],
  ['  ', 'equals', 0, false],
  [0, 'equals', '', false],
  [null, 'equals', '', true],
  [true, 'equals', true, true],
  [true, 'equals', 'true', true],
  [false, 'equals', 0, true],
  [['red', 'Blue'], 'equals', 'blue', true],
  [['red'], 'equals', 'blue', false],
  [['red', 'blue'], 'not-equals', 'blue', false],
  [null, 'not-equals', 'x', true],
  ['Ada', 'not-equals', 'ADA', false],
  ['Ada Lovelace', 'contains', 'LOVE', true],
  ['Ada', 'contains', 'x', false],
  [null, 'contains', 'x', false],
  [1234, 'contains', '23', true],
  [['red', 'blue'], 'contains', 'Red', true],
  [['red', 'blue'], 'contains', 're', false],
  ['Ada', 'not-contains', 'x', true],
  [null, 'not-contains', 'x', true],
  [['red'], 'not-contains', 'red', false],
  ['Ada', 'starts-with', 'ad', true],
  ['Ada', 'starts-with', 'da', false],
  [null, 'starts-with', 'a', false],
  ['Ada', 'ends-with', 'DA', true],
  ['Ada', 'ends-with', 'ad', false],
  [10, 'greater', 9, true],
  ['10', 'greater', '9', true],
  [9, 'greater', 9, false],
  [9, 'at-least', 9, true],
  [8.5, 'at-least', 9, false],
  [8, 'less', 9, true],
  [9, 'less', 9, false],
  [9, 'at-most', 9, true],
  [9.01, 'at-most', 9, false],
  [-1, 'less', 0, true],
  [null, 'less', 5, false],
  [null, 'at-most', 0, false],
  ['', 'less', 5, false],
  ['  ', 'less', 5, false],
  [[], 'less', 5, false],
  [['1'], 'less', 5, false],
  ['2026-03-01T00:00:00.000Z', 'greater', '2026-02-28', true],
  ['2026-03-01T00:00:00.000Z', 'less', '2026-02-28', false],
  ['b', 'greater', 'A', true],
  ['b', 'less', 5, false],
  ['Ada', 'filled', undefined, true],
  [0, 'filled', undefined, true],
  [false, 'filled', undefined, true],
  [null, 'filled', undefined, false],
  ['', 'filled', undefined, false],
  [[], 'filled', undefined, false],
  ['  ', 'filled', undefined, false],
  [null, 'empty', undefined, true],
  [['x'], 'empty', undefined, false],
])('%j %s %j: %s', (value, op, wanted, isMatch) => {
  expect(match(field(op, wanted), { f: value })).toBe(isMatch);
});

test('a field that the record lacks counts as empty, also one named like a part of every object', () => {
  expect(match(field('empty'))).toBe(true);
  expect(match(field('filled'))).toBe(false);
  const named: Condition = { kind: 'field', fieldId: 'constructor', op: 'filled' };
  expect(match(named)).toBe(false);
});

test('a variable of the entry is compared like a field, and is empty where there is none', () => {
  const ask = (name: string, op: FieldOperator, value?: string | number): boolean =>
    matchCondition(
      { kind: 'variable', name, op, value },
      { fields: {}, tagIds: [] },
      {
        ...NO_SURROUNDINGS,
        variables: { order_id: 12, plan: 'Gold' },
      },
    );
  expect([ask('order_id', 'at-least', 12), ask('plan', 'equals', 'gold'), ask('plan', 'contains', 'x')]).toEqual([
    true,
    true,
    false,
  ]);
  expect([ask('city', 'empty'), ask('constructor', 'filled'), ask('city', 'less', 5)]).toEqual([true, false, false]);
});

test('not-equals is the opposite of equals, and not-contains of contains, for every value', () => {
  for (const value of [null, '', 'x', 'X1', 0, 5, true, [], ['x']] as FieldValue[]) {
    for (const wanted of ['', 'x', 0, 5, true]) {
      expect(match(field('not-equals', wanted), { f: value })).toBe(!match(field('equals', wanted), { f: value }));
      expect(match(field('not-contains', wanted), { f: value })).toBe(!match(field('contains', wanted), { f: value }));
    }
  }
});

test('a record has or lacks a tag', () => {
  expect([match(YES, {}, ['tag_a']), match(YES), match(NO, {}, ['tag_a']), match(NO)]).toEqual([
    true,
    false,
    false,
    true,
  ]);
});

test.each<[string, Condition, boolean]>([
  ['all, when each holds', { kind: 'all', of: [YES, YES] }, true],
  ['all, when one does not', { kind: 'all', of: [YES, NO] }, false],
  ['any, when one holds', { kind: 'any', of: [NO, YES] }, true],
  ['any, when none does', { kind: 'any', of: [NO, NO] }, false],
  ['not, of what does not hold', { kind: 'not', of: NO }, true],
  [
    'groups in groups',
    { kind: 'not', of: { kind: 'all', of: [YES, { kind: 'any', of: [NO, { kind: 'not', of: YES }] }] } },
    true,
  ],
])('%s', (_name, condition, isMatch) => {
  expect(match(condition, {}, ['tag_a'])).toBe(isMatch);
});
