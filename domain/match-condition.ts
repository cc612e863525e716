import {
  type AmountOperator,
  type Condition,
  type ConditionLeaf,
  type FieldOperator,
  isAmountOperator,
  type MapOperator,
} from '../schemas/condition';
import type { FieldValue } from '../schemas/field';
import type { RecordFacts } from '../schemas/record';
import { isInOrder } from './compare-order';
import { valueIn } from './derive-facts';
import { isOver, matchDate } from './resolve-date';
import {
  countDeeds,
  daysJoined,
  entriesOn,
  NO_SURROUNDINGS,
  type OnMap,
  type Surroundings,
  sumBought,
  variableIn,
} from './surroundings';

/**
 * Whether a record answers a condition.
 *
 * @param around what the condition needs beyond the record, as `needsOf` says; nothing is there unless it is given
 * @throws never
 * @source docs/maps.md#condition
 */
export function matchCondition(condition: Condition, record: RecordFacts, around = NO_SURROUNDINGS): boolean {
  switch (condition.kind) {
    case 'all':
      return condition.of.every((part) => matchCondition(part, record, around));
    case 'any':
      return condition.of.some((part) => matchCondition(part, record, around));
    case 'not':
      return !matchCondition(condition.of, record, around);
    default:
      return matchLeaf(condition, record, around);
  }
}

/** The same for a part that is no group. @throws never */
export function matchLeaf(condition: ConditionLeaf, record: RecordFacts, around: Surroundings): boolean {
  switch (condition.kind) {
    case 'tag':
      return record.tagIds.includes(condition.tagId) === (condition.op === 'has');
    case 'field':
      return matchFieldLeaf(condition, record, around);
    case 'map':
      return matchMap(condition.op, entriesOn(around, condition.mapId));
    case 'joined-map':
      return daysJoined(around, condition.mapId).some((day) =>
        isInOrder(orderOf(day, condition.date), ORDERS[condition.op]),
      );
    case 'on-map-for':
      return entriesOn(around, condition.mapId).some(({ startedAt }) => isOver(startedAt.getTime(), condition, around));
    case 'purchases':
      return matchAmount(sumBought(around, condition), condition.op, condition.value);
    case 'email':
      return matchAmount(countDeeds(around, condition), condition.op, condition.value);
    case 'variable':
      return matchField(variableIn(around, condition.name), condition.op, condition.value ?? '');
  }
}

const ORDERS = { on: 'equals', before: 'less', after: 'greater' } as const;
const orderOf = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function matchMap(op: MapOperator, entries: readonly OnMap[]): boolean {
  switch (op) {
    case 'on':
      return entries.length > 0;
    case 'not-on':
      return entries.length === 0;
    case 'paused':
      return entries.some(({ isPaused }) => isPaused);
    case 'active':
      return entries.some(({ isPaused }) => !isPaused);
  }
}

function matchFieldLeaf(
  { fieldId, op, value: wanted = '' }: Extract<ConditionLeaf, { kind: 'field' }>,
  record: RecordFacts,
  around: Surroundings,
): boolean {
  const value = valueIn(record, fieldId);
  if (typeof wanted !== 'object') return matchField(value, op, wanted);
  return isAmountOperator(op) && matchDate(value, { op, wanted, clock: around });
}

/** Blanks are nothing, as in a form. */
const isBlank = (value: FieldValue): boolean => typeof value === 'string' && value.trim() === '';
const isEmpty = (value: FieldValue): boolean =>
  value === null || isBlank(value) || (Array.isArray(value) && value.length === 0);
/** NaN for what is no number; blanks are none, though `Number` takes them for 0. */
const numberOf = (value: FieldValue): number => (isBlank(value) ? Number.NaN : Number(value));
const textOf = (value: FieldValue): string => String(value ?? '').toLowerCase();

function matchField(value: FieldValue, op: FieldOperator, wanted: string | number | boolean): boolean {
  switch (op) {
    case 'filled':
      return !isEmpty(value);
    case 'empty':
      return isEmpty(value);
    case 'equals':
      return isEqual(value, wanted);
    case 'not-equals':
      return !isEqual(value, wanted);
    case 'contains':
      return contains(value, wanted);
    case 'not-contains':
      return !contains(value, wanted);
    case 'starts-with':
      return textOf(value).startsWith(textOf(wanted));
    case 'ends-with':
      return textOf(value).endsWith(textOf(wanted));
    case 'greater':
      return compare(value, wanted, (order) => order > 0);
    case 'less':
      return compare(value, wanted, (order) => order < 0);
    case 'at-least':
      return compare(value, wanted, (order) => order >= 0);
    case 'at-most':
      return compare(value, wanted, (order) => order <= 0);
  }
}

/** Text is compared without case; numbers by value, also when one side is written as text. */
function isEqual(value: FieldValue, wanted: string | number | boolean): boolean {
  if (Array.isArray(value)) return value.some((item) => isEqual(item, wanted));
  if (typeof value === 'number' || typeof wanted === 'number')
    return !isEmpty(value) && numberOf(value) === numberOf(wanted);
  return textOf(value) === textOf(wanted);
}

const contains = (value: FieldValue, wanted: string | number | boolean): boolean =>
  Array.isArray(value) ? value.some((item) => textOf(item) === textOf(wanted)) : textOf(value).includes(textOf(wanted));

/** An empty field is neither greater nor less than anything. */
function compare(value: FieldValue, wanted: string | number | boolean, isMet: (order: number) => boolean): boolean {
  if (isEmpty(value) || Array.isArray(value)) return false;
  const [a, b] = [numberOf(value), numberOf(wanted)];
  if (!Number.isNaN(a) && !Number.isNaN(b)) return isMet(a - b);
  const [x, y] = [textOf(value), textOf(wanted)];
  return isMet(x < y ? -1 : x > y ? 1 : 0);
}

// Sums of cents such as 0.1 + 0.2 must equal 0.3.
const matchAmount = (amount: number, op: AmountOperator, wanted: number): boolean =>
  isInOrder(Math.round((amount - wanted) * 1e6), op);
