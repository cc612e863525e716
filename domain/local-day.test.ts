import { expect, test } from '@jest/globals';
import { addDays, dayOfValue, findTimezone, instantsOf, isAnniversary, localDayOf } from './local-day';

const HOUR_MS = 3_600_000;
const hoursOf = (day: string, timezone: string): number => {
  const { from, to } = instantsOf(day, timezone);
  return (Date.parse(to) - Date.parse(from)) / HOUR_MS;
};

test.each([
  ['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000Z', 23],
  ['America/New_York', '2026-11-01', '2026-11-01T04:00:00.000Z', 25],
  ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00.000Z', 24.5],
  ['Australia/Lord_Howe', '2026-10-04', '2026-10-03T13:30:00.000Z', 23.5],
  ['Asia/Kathmandu', '2026-03-08', '2026-03-07T18:15:00.000Z', 24],
  ['Asia/Kathmandu', '2026-11-01', '2026-10-31T18:15:00.000Z', 24],
])('in %s the day %s begins at %s and has %d hours', (timezone, day, from, hours) => {
  expect(instantsOf(day, timezone).from).toBe(from);
  expect(hoursOf(day, timezone)).toBe(hours);
});

test('the days of the year follow each other without gap or overlap, and each instant is in its day', () => {
  for (const timezone of ['America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Cairo']) {
    for (let day = '2026-01-01'; day < '2027-01-01'; day = addDays(day, 1)) {
      const { from, to } = instantsOf(day, timezone);
      expect(instantsOf(addDays(day, 1), timezone).from).toBe(to);
      expect(localDayOf(from, timezone)).toBe(day);
      expect(localDayOf(new Date(Date.parse(to) - 1).toISOString(), timezone)).toBe(day);
    }
  }
});

test('a day whose midnight the clock skips begins with the first instant there is', () => {
  expect(instantsOf('2026-04-24', 'Africa/Cairo')).toEqual({
    from: '2026-04-23T22:00:00.000Z',
    to: '2026-04-24T21:00:00.000Z',
  });
});

test.each([
  ['2026-03-08T00:00:00.000Z', 'America/New_York', '2026-03-08'],
  ['2026-03-08T00:00:00.001Z', 'America/New_York', '2026-03-07'],
  ['2026-03-09T03:59:59.999Z', 'America/New_York', '2026-03-08'],
  ['2026-03-07T18:15:00.000Z', 'Asia/Kathmandu', '2026-03-08'],
  [null, 'UTC', null],
  ['soon', 'UTC', null],
  [5, 'UTC', null],
])('the value %j means in %s the day %s', (value, timezone, day) => {
  expect(dayOfValue(value, timezone)).toBe(day);
});

test.each([
  ['2026-03-08', '1990-03-08', true],
  ['2026-03-08', '2026-03-08', true],
  ['2026-03-08', '2027-03-08', false],
  ['2026-03-08', '1990-03-09', false],
  ['2028-02-29', '2000-02-29', true],
  ['2028-02-28', '2000-02-29', false],
  ['2027-02-28', '2000-02-29', true],
  ['2027-03-01', '2000-02-29', false],
  ['2028-02-28', '2001-02-28', true],
  ['2028-02-29', '2001-02-28', false],
])('%s as an anniversary of %s: %s', (day, of, is) => {
  expect(isAnniversary(day, of)).toBe(is);
});

test('zones are known in any case, and offsets are none', () => {
  expect(['asia/kathmandu', 'UTC', 'America/New_York'].map(findTimezone)).toEqual([
    'Asia/Kathmandu',
    'UTC',
    'America/New_York',
  ]);
  expect(['+05:00', 'Nowhere/City', '', 'x'].map(findTimezone)).toEqual([null, null, null, null]);
});
