import type { ConditionLeaf, DayOperator, FieldOperator, SpanUnit } from './condition';
import type { Fits } from './fits';
import { type Param, type Spellings, spelled } from './spelling';

/** One question about a record in all vocabularies. */
export interface ConditionRow extends Spellings<Record<string, unknown>> {
  kind: ConditionLeaf['kind'];
  title: string;
  fits: Fits;
}

const tag: Param = { key: 'tagId', holds: 'tag' };
const field: Param = { key: 'fieldId', holds: 'field' };
const value: Param = { key: 'value', holds: 'value' };
const operator: Param = { key: 'op', holds: 'operator' };
const operatorCode: Param = { key: 'op', holds: 'operator-code' };
const map: Param = { key: 'mapId', holds: 'map' };
const message: Param = { key: 'messageId', holds: 'text' };
/** Ontraport's parameter holds the e-mail and a link of it in one; a number alone is the e-mail. */
const clicked: Param = { key: 'messageId', holds: 'email' };
const amount: Param = { key: 'value', holds: 'number' };
const product: Param = { key: 'productId', holds: 'product' };

/**
 * The one table of conditions. Those without a spelling are ours alone, or Ontraport's parameters for them are not known. In
 * which order a map has those of `paused_or_active_on_camp` is not known either: no id is 0, so both can be read.
 * Source: reference section 2B.
 */
export const CONDITION_ROWS: readonly ConditionRow[] = [
  {
    kind: 'field',
    title: 'Field compares with a value',
    fits: 'any',
    rule: [spelled('field_is_condition_fieldvalue', {}, field, operator, value)],
    map: [spelled('field_condition', {}, field, operatorCode, value)],
  },
  {
    kind: 'tag',
    title: 'Has a tag',
    fits: 'any',
    rule: [spelled('Is_in_category', { op: 'has' }, tag)],
    map: [spelled('is_tagged', { op: 'has' }, tag)],
  },
  {
    kind: 'tag',
    title: 'Does not have a tag',
    fits: 'any',
    rule: [spelled('Is_not_in_category', { op: 'lacks' }, tag)],
    map: [],
  },
  {
    kind: 'purchases',
    title: 'Has spent an amount on a product',
    fits: 'contacts',
    rule: [spelled('Has_spent_condition_N_on_product', { measure: 'spent' }, operator, amount, product)],
    map: [],
  },
  {
    kind: 'purchases',
    title: 'Has bought a number of a product',
    fits: 'contacts',
    rule: [spelled('Has_purchased_condition_n_product', { measure: 'count' }, operator, amount, product)],
    map: [],
  },
  { kind: 'map', title: 'Is on a map, or is not', fits: 'any', rule: [], map: [] },
  {
    kind: 'map',
    title: 'Is paused on a map',
    fits: 'any',
    rule: [spelled('paused_or_active_on_camp', { op: 'paused' }, { only: '1' }, map)],
    map: [
      spelled('paused_or_active_on_camp', { op: 'paused' }, map, { only: '1' }),
      spelled('paused_or_active_on_camp', { op: 'paused' }, { only: '1' }, map),
    ],
  },
  {
    kind: 'map',
    title: 'Is active on a map, and not paused',
    fits: 'any',
    rule: [spelled('paused_or_active_on_camp', { op: 'active' }, { only: '0' }, map)],
    map: [
      spelled('paused_or_active_on_camp', { op: 'active' }, map, { only: '0' }),
      spelled('paused_or_active_on_camp', { op: 'active' }, { only: '0' }, map),
    ],
  },
  {
    kind: 'joined-map',
    title: 'Joined a map on, before or after a day',
    fits: 'any',
    rule: [
      spelled(
        'campaignbuilder_subscription_date_is_val',
        {},
        map,
        { key: 'op', holds: 'day-operator' },
        { key: 'date', holds: 'day' },
      ),
    ],
    map: [],
  },
  {
    kind: 'on-map-for',
    title: 'Has been on a map for a time',
    fits: 'any',
    // By the code: without "builder" it means a sequence, and there are none here. Source: reference section 4, row 11.
    rule: [
      spelled(
        'been_on_campaignbuilder_for_timeframe',
        {},
        map,
        { key: 'amount', holds: 'number' },
        { key: 'unit', holds: 'unit' },
      ),
    ],
    map: [],
  },
  {
    kind: 'email',
    title: 'Opened an e-mail a number of times',
    fits: 'any',
    rule: [spelled('Has_opened_email_condition_n_times', { did: 'opened' }, message, operator, amount)],
    map: [spelled('opened_email', { did: 'opened' }, message, operatorCode, amount)],
  },
  {
    kind: 'email',
    title: 'Clicked a link of an e-mail a number of times',
    fits: 'any',
    rule: [spelled('Has_clicked_emailanchor_condition_n_times', { did: 'clicked' }, clicked, operator, amount)],
    map: [spelled('clicked_email', { did: 'clicked' }, clicked, operatorCode, amount)],
  },
  { kind: 'variable', title: 'Variable of the entry compares with a value', fits: 'any', rule: [], map: [] },
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

/** How days are compared, and units of time, by their numbers in rules. */
export const DAY_OPERATOR_CODES: Readonly<Record<DayOperator, string>> = { on: '1', before: '2', after: '3' };
export const SPAN_UNIT_CODES: Readonly<Record<SpanUnit, string>> = { days: '0', weeks: '1', months: '2' };
