import type { ConditionLeaf, FieldOperator } from './condition';
import { type Param, type Spellings, spelled } from './spelling';

/** One question about a record in all vocabularies. */
export interface ConditionRow extends Spellings<Record<string, unknown>> {
  kind: ConditionLeaf['kind'];
  title: string;
}

const tag: Param = { key: 'tagId', holds: 'tag' };
const field: Param = { key: 'fieldId', holds: 'field' };
const value: Param = { key: 'value', holds: 'value' };
const operator: Param = { key: 'op', holds: 'operator' };
const amount: Param = { key: 'value', holds: 'number' };
const product: Param = { key: 'productId', holds: 'product' };

/**
 * The one table of conditions. Those without a spelling are ours alone, or Ontraport's parameters for them are not known.
 * Source: reference section 2B.
 */
export const CONDITION_ROWS: readonly ConditionRow[] = [
  {
    kind: 'field',
    title: 'Field compares with a value',
    rule: [spelled('field_is_condition_fieldvalue', {}, field, operator, value)],
    map: [spelled('field_condition', {}, field, { key: 'op', holds: 'operator-code' }, value)],
  },
  {
    kind: 'tag',
    title: 'Has a tag',
    rule: [spelled('Is_in_category', { op: 'has' }, tag)],
    map: [spelled('is_tagged', { op: 'has' }, tag)],
  },
  {
    kind: 'tag',
    title: 'Does not have a tag',
    rule: [spelled('Is_not_in_category', { op: 'lacks' }, tag)],
    map: [],
  },
  {
    kind: 'purchases',
    title: 'Has spent an amount on a product',
    rule: [spelled('Has_spent_condition_N_on_product', { measure: 'spent' }, operator, amount, product)],
    map: [],
  },
  {
    kind: 'purchases',
    title: 'Has bought a number of a product',
    rule: [spelled('Has_purchased_condition_n_product', { measure: 'count' }, operator, amount, product)],
    map: [],
  },
  { kind: 'map', title: 'Is on a map, or is not', rule: [], map: [] },
];

/** Operators as rules write them; those that are missing have no word there. */
export const OPERATOR_WORDS: Readonly<Partial<Record<FieldOperator, string>>> = {
  equals: 'Equal To',
  'not-equals': 'Not Equal To',
  greater: 'Greater Than',
  less: 'Less Than',
  'at-least': 'Greater Than or Equal To',
  'at-most': 'Less Than or Equal To',
  contains: 'Contains',
  'not-contains': 'Does Not Contain',
  'starts-with': 'Starts With',
  'ends-with': 'Ends With',
};

/** Operators as maps write them: the first is written, all are read. */
export const OPERATOR_CODES: Readonly<Record<FieldOperator, readonly string[]>> = {
  equals: ['e'],
  'not-equals': ['n'],
  greater: ['g', 'gt'],
  less: ['l', 'lt', 'b'],
  'at-least': ['ge', 'h'],
  'at-most': ['le', 'm'],
  contains: ['c'],
  'not-contains': ['nc', 'k'],
  'starts-with': ['s', 'sw'],
  'ends-with': ['z', 'ew'],
  filled: ['f'],
  empty: ['nf'],
};
