import { Temporal } from 'temporal-polyfill';

/** A date-only value is stored as this time of day in UTC; see `parseFieldValues`. */
const DATE_ONLY = 'T00:00:00.000Z';

/**
 * The name of a time zone in its right spelling, or null when there is none.
 *
 * @param text an IANA name in any case; offsets such as +05:00 are refused, since they know no clock changes
 * @throws never
 */
export function findTimezone(text: string): string | null {
  if (!/^[A-Za-z]/.test(text)) return null;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId;
  } catch {
    return null;
  }
}

/** The day that it is in a zone at an instant. @param at ISO 8601 with offset @returns YYYY-MM-DD @throws RangeError for a bad instant or zone */
export const localDayOf = (at: string, timezone: string): string =>
  Temporal.Instant.from(at).toZonedDateTimeISO(timezone).toPlainDate().toString();

/**
 * The first instant of a day in a zone and the first one after it; 23, 24 or 25 hours apart, or what the zone's clock says.
 *
 * @param day YYYY-MM-DD
 * @returns ISO instants with milliseconds, as fields hold them
 * @throws RangeError for a bad day or zone
 */
export function instantsOf(day: string, timezone: string): { from: string; to: string } {
  const date = Temporal.PlainDate.from(day);
  const startOf = (of: Temporal.PlainDate): string =>
    new Date(of.toZonedDateTime(timezone).epochMilliseconds).toISOString();
  return { from: startOf(date), to: startOf(date.add({ days: 1 })) };
}

/** A day so many days later, or earlier. @param day YYYY-MM-DD @throws RangeError for a bad day */
export const addDays = (day: string, days: number): string => Temporal.PlainDate.from(day).add({ days }).toString();

/**
 * The day that the value of a date field means. A value at midnight UTC was given as a date alone, and means that day
 * in every zone; any other is an instant, and means the day that it is then in the zone.
 *
 * @returns YYYY-MM-DD; null for what is no date
 * @throws RangeError for a bad zone
 */
export function dayOfValue(value: unknown, timezone: string): string | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value)) return null;
  return value.endsWith(DATE_ONLY) ? value.slice(0, 10) : localDayOf(value, timezone);
}

/**
 * Whether a day is the anniversary of another: the same day and month in the same or a later year. Of 29 February it is
 * 28 February in years that have no 29th.
 *
 * @param day YYYY-MM-DD
 * @param of  YYYY-MM-DD
 * @throws RangeError for a bad day
 */
export function isAnniversary(day: string, of: string): boolean {
  if (day < of) return false;
  const { year } = Temporal.PlainDate.from(day);
  return Temporal.PlainDate.from(of).with({ year }).toString() === day;
}
