import { expect, test } from '@jest/globals';
import { fieldSchema } from '../../schemas/field';
import { type RelativeDate, relativeDate } from '../../schemas/relative-date';
import { readDateWord, writeDateWord } from './date-word';

const birthday = fieldSchema.parse({ id: 'birthday', label: 'Birthday', type: 'fulldate' });
const state = fieldSchema.parse({ id: 'state', label: 'State', type: 'text' });
const day = (from: string, amount = 0, unit = 'days'): RelativeDate => relativeDate.parse({ from, amount, unit });

const WORDS: [string, RelativeDate][] = [
  ['TODAY', day('today')],
  ['YESTERDAY', day('today', -1)],
  ['TOMORROW', day('today', 1)],
  ['LSUNDAY', day('last-sunday')],
  ['L2SUNDAY', day('last-sunday', -1, 'weeks')],
  ['FDTMONTH', day('first-of-month')],
  ['FDLMONTH', day('first-of-month', -1, 'months')],
  ['FDNMONTH', day('first-of-month', 1, 'months')],
  ['TDLMONTH', day('today', -1, 'months')],
  ['TDNMONTH', day('today', 1, 'months')],
  ['FDTYEAR', day('first-of-year')],
  ['FDNYEAR', day('first-of-year', 1, 'years')],
  ['TDLYEAR', day('today', -1, 'years')],
  ['TDNYEAR', day('today', 1, 'years')],
  ['S7DAYS', day('today', -7)],
  ['S180DAYS', day('today', -180)],
  ['S2WEEKS', day('today', -2, 'weeks')],
  ['S3MONTHS', day('today', -3, 'months')],
  ['S2YEARS', day('today', -2, 'years')],
  ['S12HOURS', day('now', -12, 'hours')],
  ['S30MINUTES', day('now', -30, 'minutes')],
  ['7DFNOW', day('today', 7)],
  ['180DFNOW', day('today', 180)],
];
test.each(WORDS)('%s is read and written', (word, date) => {
  expect(readDateWord(word, birthday)).toEqual({ value: date });
  expect(writeDateWord(date, birthday)).toBe(word);
});

test.each(['today', 'S7', 'SDAYS', 'S99999DAYS', 'S9999DAYS', '7DFNOWS', 'constructor', '', '2026-11-30'])(
  '"%s" stands for no date',
  (word) => expect(readDateWord(word, birthday)).toBeNull(),
);

test('for a field that holds no dates a word is a word', () => {
  expect([readDateWord('TODAY', state), readDateWord('TODAY', undefined)]).toEqual([null, null]);
  expect(writeDateWord(day('today'), state)).toBeNull();
});

test.each([day('today', 2, 'weeks'), day('last-sunday', 3), day('first-of-year', -1, 'years'), day('now', 5, 'hours')])(
  '%j has no word',
  (date) => expect(writeDateWord(date, birthday)).toBeNull(),
);
