import { expect, test } from '@jest/globals';
import { dateScheduleId, parseDateRunId, parseDateScheduleId } from './date-schedule';

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
