import type { Field } from '../../schemas/field';
import { type RelativeDate, relativeDate } from '../../schemas/relative-date';

/** Dates by their words. Source: reference section 2B, relative dates. */
const WORDS: Readonly<Record<string, RelativeDate>> = {
  TODAY: { from: 'today', amount: 0, unit: 'days' },
  YESTERDAY: { from: 'today', amount: -1, unit: 'days' },
  TOMORROW: { from: 'today', amount: 1, unit: 'days' },
  LSUNDAY: { from: 'last-sunday', amount: 0, unit: 'days' },
  L2SUNDAY: { from: 'last-sunday', amount: -1, unit: 'weeks' },
  FDTMONTH: { from: 'first-of-month', amount: 0, unit: 'days' },
  FDLMONTH: { from: 'first-of-month', amount: -1, unit: 'months' },
  FDNMONTH: { from: 'first-of-month', amount: 1, unit: 'months' },
  TDLMONTH: { from: 'today', amount: -1, unit: 'months' },
  TDNMONTH: { from: 'today', amount: 1, unit: 'months' },
  FDTYEAR: { from: 'first-of-year', amount: 0, unit: 'days' },
  FDNYEAR: { from: 'first-of-year', amount: 1, unit: 'years' },
  TDLYEAR: { from: 'today', amount: -1, unit: 'years' },
  TDNYEAR: { from: 'today', amount: 1, unit: 'years' },
};
const AGO = /^S(\d{1,4})(MINUTE|HOUR|DAY|WEEK|MONTH|YEAR)S$/;
const AHEAD = /^(\d{1,4})DFNOW$/;

/** A word that stands for a date that moves with the clock; null for all else, and for fields that hold no dates. @throws never */
export function readDateWord(word: string, field: Field | undefined): { value: RelativeDate } | null {
  if (field?.type !== 'fulldate') return null;
  const known = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
  if (known) return { value: known };
  const [, days] = AHEAD.exec(word) ?? [];
  const [, count, unit = ''] = AGO.exec(word) ?? [];
  if (days === undefined && count === undefined) return null;
  const units = days === undefined ? `${unit.toLowerCase()}s` : 'days';
  const from = units === 'minutes' || units === 'hours' ? 'now' : 'today';
  const parsed = relativeDate.safeParse({ from, amount: Number(days ?? `-${count}`) + 0, unit: units });
  return parsed.success ? { value: parsed.data } : null;
}

/** The same word; null where Ontraport has none. @throws never */
export function writeDateWord(date: RelativeDate, field: Field | undefined): string | null {
  if (field?.type !== 'fulldate') return null;
  const { from, amount, unit } = date;
  const word = Object.entries(WORDS).find(
    ([, one]) => one.from === from && one.amount === amount && (one.unit === unit || amount === 0),
  )?.[0];
  if (word !== undefined) return word;
  if (from !== 'today' && from !== 'now') return null;
  if (amount < 0) return `S${-amount}${unit.toUpperCase()}`;
  return unit === 'days' ? `${amount}DFNOW` : null;
}
