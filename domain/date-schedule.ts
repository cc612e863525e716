import { localDayOf } from './local-day';

const HOUR_MS = 3_600_000;
const HOUR_LAST = 23;

/** A time of day in a zone at which accounts have their dates looked at. */
export interface DateHour {
  timezone: string;
  /** 0..23, local */
  hour: number;
}

/**
 * The id of the Temporal Schedule for a zone and hour.
 *
 * @param prefix of the task queues, so that installations can share a namespace
 * @throws never
 */
export const dateScheduleId = (prefix: string, { timezone, hour }: DateHour): string =>
  `${prefix}dates:${timezone}:${hour}`;

/** What such an id says, or null for ids of other schedules. @throws never */
export function parseDateScheduleId(prefix: string, id: string): DateHour | null {
  const [, timezone, hour] = (id.startsWith(prefix) && /^dates:([^:]+):(\d{1,2})$/.exec(id.slice(prefix.length))) || [];
  return timezone && hour ? { timezone, hour: Number(hour) } : null;
}

/**
 * What the id of a workflow that a date schedule started says. Temporal puts the time that the schedule meant after the
 * schedule's id: for a run that is made up for, the time at which it should have been.
 *
 * @returns null for ids of other workflows
 * @throws never
 */
export function parseDateRunId(workflowId: string): (DateHour & { at: string }) | null {
  const [, timezone, hour, at] =
    /dates:([^:]+):(\d{1,2})-(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)$/.exec(workflowId) ?? [];
  return timezone && hour && at ? { timezone, hour: Number(hour), at } : null;
}

/**
 * The day that a run is for: the one that it is then in the zone. The second run of the day's last hour comes after
 * midnight, and is for the day before.
 *
 * @param run.at ISO 8601
 * @returns YYYY-MM-DD
 * @throws RangeError for a bad instant or zone
 */
export function dayOfRun({ timezone, hour, at }: DateHour & { at: string }): string {
  const day = localDayOf(at, timezone);
  const hourBefore = localDayOf(new Date(Date.parse(at) - HOUR_MS).toISOString(), timezone);
  return hour === HOUR_LAST ? hourBefore : day;
}
