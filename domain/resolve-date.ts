import { Temporal } from 'temporal-polyfill';
import type { AmountOperator } from '../schemas/condition';
import type { FieldValue } from '../schemas/field';
import type { RelativeDate } from '../schemas/relative-date';
import { isInOrder } from './compare-order';
import { dayOfValue } from './local-day';

/** The time that is now, and the zone in which days are counted. */
export interface Clock {
  /** Unix milliseconds */
  nowMs: number;
  /** An IANA name */
  timezone: string;
}

/**
 * What a relative date means now.
 *
 * @returns YYYY-MM-DD in the zone; from `now` an ISO instant with milliseconds
 * @throws RangeError for a bad zone
 */
export function resolveDate({ from, amount, unit }: RelativeDate, { nowMs, timezone }: Clock): string {
  if (from === 'now') {
    const minutes = unit === 'hours' ? amount * 60 : amount;
    return new Date(nowMs + minutes * 60_000).toISOString();
  }
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timezone).toPlainDate();
  return startOf(from, today)
    .add({ [unit]: amount })
    .toString();
}

function startOf(from: Exclude<RelativeDate['from'], 'now'>, today: Temporal.PlainDate): Temporal.PlainDate {
  switch (from) {
    case 'today':
      return today;
    case 'last-sunday':
      // Monday is 1 and Sunday 7: on a Sunday it is the one a week ago.
      return today.subtract({ days: today.dayOfWeek });
    case 'first-of-month':
      return today.with({ day: 1 });
    case 'first-of-year':
      return today.with({ month: 1, day: 1 });
  }
}

/**
 * Whether a date compares so with a relative one: by days in the zone, by instants where that counts from `now`.
 *
 * @param value what is no date is only unequal
 * @throws RangeError for a bad zone
 * @source docs/maps.md#conditions
 */
export function matchDate(
  value: FieldValue,
  { op, wanted, clock }: { op: AmountOperator; wanted: RelativeDate; clock: Clock },
): boolean {
  const day = dayOfValue(value, clock.timezone);
  if (day === null) return op === 'not-equals';
  const found = wanted.from === 'now' ? String(value) : day;
  const resolved = resolveDate(wanted, clock);
  return isInOrder(found < resolved ? -1 : found > resolved ? 1 : 0, op);
}

/** Whether a time is over that began then; days and months are those of the zone's calendar. @param startedMs Unix milliseconds @throws RangeError for a bad zone */
export function isOver(
  startedMs: number,
  span: { amount: number; unit: 'days' | 'weeks' | 'months' },
  { nowMs, timezone }: Clock,
): boolean {
  const started = Temporal.Instant.fromEpochMilliseconds(startedMs).toZonedDateTimeISO(timezone);
  return started.add({ [span.unit]: span.amount }).epochMilliseconds <= nowMs;
}
