import { expect, test } from '@jest/globals';
import { dateScheduleId, dayOfRun, parseDateRunId, parseDateScheduleId } from './date-schedule';
import { addDays } from './local-day';

test.each([
  ['', 'America/New_York', 9],
  ['shared-', 'Etc/GMT+3', 0],
  ['', 'America/Argentina/Buenos_Aires', 23],
])('with the prefix "%s" the ids of %s at %i say zone, hour and the time that was meant', (prefix, timezone, hour) => {
  const id = dateScheduleId(prefix, { timezone, hour });
  expect(parseDateScheduleId(prefix, id)).toEqual({ timezone, hour });
  expect(parseDateRunId(`${id}-2026-03-08T13:00:00Z`)).toEqual({ timezone, hour, at: '2026-03-08T13:00:00Z' });
});

test('other ids say nothing', () => {
  expect(parseDateScheduleId('', 'other-dates:UTC:9')).toBeNull();
  expect(parseDateScheduleId('mine-', 'dates:UTC:9')).toBeNull();
  expect(parseDateRunId('job:job_00000000000000000000000000')).toBeNull();
});

test.each([
  ['America/New_York', 9, '2026-03-08T13:00:00Z', '2026-03-08'],
  // The hour that the clock skips: the run of the next hour does its work.
  ['America/New_York', 2, '2026-03-08T07:00:00Z', '2026-03-08'],
  // The hour that comes twice.
  ['America/New_York', 1, '2026-11-01T05:00:00Z', '2026-11-01'],
  ['America/New_York', 1, '2026-11-01T06:00:00Z', '2026-11-01'],
  ['Australia/Lord_Howe', 2, '2026-10-03T16:00:00Z', '2026-10-04'],
  ['Asia/Kathmandu', 0, '2026-03-07T18:15:00Z', '2026-03-08'],
  ['Asia/Kathmandu', 23, '2026-03-08T17:15:00Z', '2026-03-08'],
  ['Asia/Kathmandu', 23, '2026-03-08T18:15:00Z', '2026-03-08'],
  // On this evening the clock there goes from 23:00 to midnight.
  ['America/Nuuk', 23, '2026-03-29T01:00:00Z', '2026-03-28'],
])('in %s at %i the run of %s is for %s', (timezone, hour, at, day) => {
  expect(dayOfRun({ timezone, hour, at })).toBe(day);
});

const STEP_MS = 15 * 60_000;
/** When a Schedule of a zone and hour runs in the days around one: at its hour and at the next, as clocks there show it. */
function runsAround(day: string, { timezone, hour }: { timezone: string; hour: number }): string[] {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, hour: '2-digit', minute: '2-digit' });
  const shown = [hour, (hour + 1) % 24].map((of) => `${String(of).padStart(2, '0')}:00`);
  const from = Date.parse(`${addDays(day, -2)}T12:00:00Z`);
  const instants = Array.from({ length: 4 * 96 }, (_, n) => new Date(from + n * STEP_MS));
  return instants.filter((at) => shown.includes(clock.format(at))).map((at) => at.toISOString());
}

test.each([
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['Asia/Kathmandu', '2026-03-08'],
  ['Asia/Kathmandu', '2026-11-01'],
])(
  'in %s no hour that an account can choose misses a day around %s, nor is a run for a day that is far',
  (timezone, day) => {
    for (let hour = 0; hour < 24; hour++) {
      const days = new Set(runsAround(day, { timezone, hour }).map((at) => dayOfRun({ timezone, hour, at })));
      for (const n of [-1, 0, 1]) expect([hour, addDays(day, n), days.has(addDays(day, n))]).toContain(true);
      expect([...days].filter((one) => one < addDays(day, -2) || one > addDays(day, 2))).toEqual([]);
    }
  },
);
