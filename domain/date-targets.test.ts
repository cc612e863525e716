import { expect, test } from '@jest/globals';
import type { DateListened, DateTarget, ValueBounds } from '../schemas/job';
import { boundsOf, factsOn, targetsOn } from './date-targets';
import { addDays } from './local-day';

const on = (offsetDays = 0, isYearly = false): Extract<DateListened, { type: 'date-field.reached' }> => ({
  type: 'date-field.reached',
  fieldId: 'birthday',
  offsetDays,
  isYearly,
});
const record = (birthday: string | null, objectTypeId = 0) => ({ objectTypeId, fields: { birthday } });
const target = (listened: DateListened, objectTypeId: number | null = 0): DateTarget => ({ objectTypeId, listened });
const isTold = (day: string, birthday: string | null, listened: DateListened, timezone = 'America/New_York') =>
  factsOn({ day, timezone }, record(birthday), [target(listened)]).length > 0;

const isWithin = (value: string, bounds: ValueBounds): boolean =>
  'from' in bounds
    ? value >= bounds.from && value < bounds.below
    : bounds.monthDays.some((monthDay) => value.slice(5, 10) === monthDay);

const ZONES = ['America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Kiritimati'];
const DAYS = [
  '2026-03-08',
  '2026-11-01',
  '2026-04-05',
  '2026-10-04',
  '2027-02-28',
  '2028-02-28',
  '2028-02-29',
  '2028-03-01',
];

test.each(ZONES)('in %s the bounds let through every value that fires, and each value fires on one day', (timezone) => {
  for (const day of DAYS) {
    for (const listened of [on(), on(-3), on(1, true)]) {
      const bounds = boundsOf(listened, { day, timezone });
      for (let hour = -60; hour <= 60; hour += 5) {
        const wanted = addDays(day, -listened.offsetDays);
        const value = new Date(Date.parse(`${wanted}T00:00:00Z`) + hour * 1_800_000).toISOString();
        if (isTold(day, value, listened, timezone))
          expect([value, bounds && isWithin(value, bounds)]).toEqual([value, true]);
        const days = [-2, -1, 0, 1, 2].filter((n) => isTold(addDays(day, n), value, listened, timezone));
        if (!listened.isYearly) expect([value, days.length]).toEqual([value, 1]);
      }
    }
  }
});

test('three days before a date: fires on that day, not on others', () => {
  expect(isTold('2026-03-05', '2026-03-08T00:00:00.000Z', on(-3))).toBe(true);
  expect(isTold('2026-03-08', '2026-03-08T00:00:00.000Z', on(-3))).toBe(false);
});

test('yearly from 29 February fires on 28 February in common years, one day before it on the 27th', () => {
  const value = '2004-02-29T00:00:00.000Z';
  expect(isTold('2027-02-28', value, on(0, true))).toBe(true);
  expect(isTold('2027-02-27', value, on(-1, true))).toBe(true);
  expect(isTold('2028-02-28', value, on(0, true))).toBe(false);
  expect(isTold('2028-02-29', value, on(0, true))).toBe(true);
  for (const day of ['2027-02-28', '2028-02-29'])
    expect(isWithin(value, boundsOf(on(0, true), { day, timezone: 'UTC' }) as ValueBounds)).toBe(true);
});

test('a fact names field, offset and day; the same of two listeners is one', () => {
  const listened = on();
  const facts = factsOn({ day: '2026-03-08', timezone: 'UTC' }, record('2026-03-08T10:00:00.000Z'), [
    target(listened),
    target(listened, null),
    target(listened, 150),
  ]);
  expect(facts).toEqual([{ ...listened, date: '2026-03-08' }]);
});

test('a set date is for all records of its object type, on that day only', () => {
  const targets = [target({ type: 'date.reached', date: '2026-12-24' })];
  expect(targetsOn('2026-12-24', targets)).toEqual(targets);
  expect(targetsOn('2026-12-25', targets)).toEqual([]);
  const swept = { day: '2026-12-24', timezone: 'UTC' };
  expect(factsOn(swept, record(null), targets)).toEqual([{ type: 'date.reached', date: '2026-12-24' }]);
  expect(factsOn(swept, record(null, 150), targets)).toEqual([]);
});
