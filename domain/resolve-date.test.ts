import { expect, test } from '@jest/globals';
import type { AmountOperator } from '../schemas/condition';
import { type RelativeDate, relativeDate } from '../schemas/relative-date';
import { isOver, matchDate, resolveDate } from './resolve-date';

const at = (instant: string, timezone: string) => ({ nowMs: Date.parse(instant), timezone });
const day = (from: string, amount = 0, unit = 'days'): RelativeDate => relativeDate.parse({ from, amount, unit });

/** Sunday 1 March 2026, 01:30 in Auckland; still Saturday 28 February in UTC */
const AUCKLAND = at('2026-02-28T12:30:00Z', 'Pacific/Auckland');
test.each<[RelativeDate, string]>([
  [day('today'), '2026-03-01'],
  [day('today', -1), '2026-02-28'],
  [day('today', 1), '2026-03-02'],
  [day('today', -1, 'months'), '2026-02-01'],
  [day('today', 2, 'weeks'), '2026-03-15'],
  [day('today', -1, 'years'), '2025-03-01'],
  [day('last-sunday'), '2026-02-22'],
  [day('last-sunday', -1, 'weeks'), '2026-02-15'],
  [day('first-of-month'), '2026-03-01'],
  [day('first-of-month', -1, 'months'), '2026-02-01'],
  [day('first-of-year'), '2026-01-01'],
  [day('first-of-year', 1, 'years'), '2027-01-01'],
  [day('now', -90, 'minutes'), '2026-02-28T11:00:00.000Z'],
  [day('now', 2, 'hours'), '2026-02-28T14:30:00.000Z'],
])('%j is counted in the zone', (date, expected) => {
  expect(resolveDate(date, AUCKLAND)).toBe(expected);
});

test('a month before 31 March ends with February, a year before 29 February too', () => {
  expect(resolveDate(day('today', -1, 'months'), at('2026-03-31T12:00:00Z', 'UTC'))).toBe('2026-02-28');
  expect(resolveDate(day('today', -1, 'years'), at('2028-02-29T12:00:00Z', 'UTC'))).toBe('2027-02-28');
});

const NEW_YORK = at('2026-11-27T03:00:00Z', 'America/New_York');
test.each<[string, AmountOperator, RelativeDate, boolean]>([
  // 26 November in New York
  ['2026-11-27T03:00:00.000Z', 'equals', day('today'), true],
  ['2026-11-26T05:00:00.000Z', 'equals', day('today'), true],
  ['2026-11-26T04:59:00.000Z', 'equals', day('today'), false],
  ['2026-11-26T04:59:00.000Z', 'less', day('today'), true],
  // A date alone is that day in every zone
  ['2026-11-26T00:00:00.000Z', 'equals', day('today'), true],
  ['2026-11-27T00:00:00.000Z', 'greater', day('today'), true],
  ['2026-11-19T00:00:00.000Z', 'at-least', day('today', -7), true],
  ['2026-11-18T00:00:00.000Z', 'at-least', day('today', -7), false],
  ['2026-11-26T00:00:00.000Z', 'at-most', day('today'), true],
  ['2026-11-26T00:00:00.000Z', 'not-equals', day('today'), false],
  ['2026-11-27T01:59:00.000Z', 'less', day('now', -1, 'hours'), true],
  ['2026-11-27T02:01:00.000Z', 'less', day('now', -1, 'hours'), false],
])('%s %s %j', (value, op, wanted, isMatch) => {
  expect(matchDate(value, { op, wanted, clock: NEW_YORK })).toBe(isMatch);
});

test.each([null, '', 'soon', 5, true, ['2026-11-26T00:00:00.000Z']])(
  '%j is no date, and only unequal to one',
  (value) => {
    const match = (op: AmountOperator) => matchDate(value, { op, wanted: day('today'), clock: NEW_YORK });
    expect([match('equals'), match('not-equals'), match('less'), match('at-least')]).toEqual([
      false,
      true,
      false,
      false,
    ]);
  },
);

test('a time on a map is over by the calendar of the zone, also across a change of its clocks', () => {
  // Clocks go forward on 29 March: that day has 23 hours.
  const started = Date.parse('2026-03-28T11:00:00Z');
  const isOverAt = (instant: string) => isOver(started, { amount: 1, unit: 'days' }, at(instant, 'Europe/Berlin'));
  expect([isOverAt('2026-03-29T09:59:59Z'), isOverAt('2026-03-29T10:00:00Z')]).toEqual([false, true]);
  const month = (instant: string) => isOver(started, { amount: 1, unit: 'months' }, at(instant, 'UTC'));
  expect([month('2026-04-28T10:59:59Z'), month('2026-04-28T11:00:00Z')]).toEqual([false, true]);
});
