import { expect, test } from '@jest/globals';
import type { RuleStrings } from '../../schemas/rule';
import { idOfNumber, testNumbers } from '../../tests/rendering/account-numbers';
import { decodeRule, encodeRule } from './rule-strings';

const read = (strings: Partial<RuleStrings>) => decodeRule(strings, testNumbers);

const NAMED: [string, string][] = [
  ['Change_field_to_fieldvalue(colours,*/*red*/*2*/*,0)', 'Change_field_to_fieldvalue(colours,*/*1*/*2*/*,0)'],
  ['Change_field_to_fieldvalue(colours,blue,0)', 'Change_field_to_fieldvalue(colours,*/*2*/*,0)'],
  ['Change_field_to_fieldvalue(size,M,0)', 'Change_field_to_fieldvalue(size,2,0)'],
  [`Change_field_to_fieldvalue(employer,${idOfNumber('record', 12)},0)`, 'Change_field_to_fieldvalue(employer,12,0)'],
];
test.each(NAMED)('%s is read by the name of an option or the id of a record, and written as %s', (text, written) => {
  const { parts, problems } = read({ actions: text });
  expect(problems).toEqual([]);
  expect(encodeRule(parts, testNumbers).actions).toBe(written);
});

test.each([
  ['field_is_condition_fieldvalue(colours,Contains,*/*2*/*)', 'field_is_condition_fieldvalue(colours,Contains,2)'],
  ['field_is_condition_fieldvalue(size,Equal To,M)', 'field_is_condition_fieldvalue(size,Equal To,2)'],
  ['field_is_condition_fieldvalue(size,Starts With,X)', 'field_is_condition_fieldvalue(size,Starts With,X)'],
])('the condition %s is written as %s', (text, written) => {
  const { parts, problems } = read({ conditions: text });
  expect(problems).toEqual([]);
  expect(encodeRule(parts, testNumbers).conditions).toBe(written);
});
