import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OUTCOME_CLASSES, type OutcomeClass } from '../schemas/delivery';
import { type RetrySchedule, SCHEDULE_PRESETS, type SchedulePreset } from '../schemas/retry-schedule';
import { attemptsOf, chooseRetry, parseRetryAfter, scheduleGapsSeconds } from './choose-retry';

const standard: RetrySchedule = { preset: 'standard' };
const makeOutcome = (changes: Partial<Parameters<typeof chooseRetry>[0]> = {}) => ({
  class: 'transient' as OutcomeClass,
  sendsSoFar: 1,
  maxAttempts: 10,
  schedule: standard,
  retryAfterMs: null,
  seed: 'dlv_1',
  ...changes,
});
const choose = (changes: Partial<Parameters<typeof chooseRetry>[0]> = {}) => chooseRetry(makeOutcome(changes));
const HOUR_MS = 3_600_000;

test.each<[SchedulePreset, number, number]>([
  ['standard', 10, 272_105],
  ['quick', 6, 1055],
  ['day', 10, 84_065],
  ['none', 1, 0],
])('the preset %s makes %i attempts whose gaps add up to %i s', (preset, attempts, totalSeconds) => {
  const gaps = scheduleGapsSeconds({ preset });
  expect(gaps.length + 1).toBe(attempts);
  expect(gaps.reduce((sum, gap) => sum + gap, 0)).toBe(totalSeconds);
});

test('standard lasts 75.6 h, quick 17.6 min, day 23.4 h', () => {
  const seconds = (preset: SchedulePreset) => SCHEDULE_PRESETS[preset].reduce((sum: number, gap) => sum + gap, 0);
  expect((seconds('standard') / 3600).toFixed(1)).toBe('75.6');
  expect((seconds('quick') / 60).toFixed(1)).toBe('17.6');
  expect((seconds('day') / 3600).toFixed(1)).toBe('23.4');
});

test.each<[RetrySchedule, number, number]>([
  [standard, 10, 10],
  [standard, 3, 3],
  [{ preset: 'quick' }, 10, 6],
  [{ preset: 'none' }, 10, 1],
  [{ preset: 'custom', gapsSeconds: [1, 2] }, 10, 3],
  [{ preset: 'custom', gapsSeconds: [] }, 10, 1],
])('%j with at most %i attempts makes %i', (schedule, maxAttempts, attempts) => {
  expect(attemptsOf({ maxAttempts, schedule })).toBe(attempts);
});

const sendsOf = (kind: OutcomeClass, changes = {}) => {
  let sends = 1;
  while (sends < 50 && choose({ class: kind, sendsSoFar: sends, ...changes }).isRetried) sends++;
  return sends;
};

test.each<[OutcomeClass, number]>([
  ['success', 1],
  ['redirect', 10],
  ['transient', 10],
  ['config', 4],
  ['rejected', 1],
  ['gone', 1],
  ['dns', 10],
  ['connect', 10],
  ['tls', 10],
  ['timeout', 10],
  ['blocked', 1],
  ['invalid', 1],
  ['unknown', 10],
])('an attempt that always ends in %s is made %i times', (kind, sends) => {
  expect(sendsOf(kind)).toBe(sends);
});

test('config failures stop at the schedule when that is shorter', () => {
  expect(sendsOf('config', { maxAttempts: 2 })).toBe(2);
});

test('gives a reason for people and no delay when there is no retry', () => {
  for (const kind of OUTCOME_CLASSES) expect(choose({ class: kind }).reason).toMatch(/^[A-Z].*\.$/);
  expect(choose({ sendsSoFar: 10 })).toEqual({ isRetried: false, delayMs: 0, reason: 'All 10 attempts are used up.' });
});

test('jitter only adds: up to 10 % of the gap, at most 15 minutes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.string(), (sendsSoFar, seed) => {
      const gapMs = (SCHEDULE_PRESETS.standard[sendsSoFar - 1] ?? 0) * 1000;
      const { delayMs } = choose({ sendsSoFar, seed });
      expect(Number.isInteger(delayMs)).toBe(true);
      expect(delayMs).toBeGreaterThanOrEqual(gapMs);
      expect(delayMs).toBeLessThanOrEqual(gapMs + Math.min(gapMs / 10, 900_000));
    }),
  );
});

test('jitter is the same for the same delivery and attempt, and spreads over deliveries', () => {
  expect(choose({ seed: 'a' })).toEqual(choose({ seed: 'a' }));
  const delays = Array.from({ length: 1000 }, (_, index) => choose({ seed: `dlv_${index}`, sendsSoFar: 4 }).delayMs);
  const shares = delays.map((delay) => (delay - 2 * HOUR_MS) / (0.1 * 2 * HOUR_MS));
  for (let tenth = 0; tenth < 10; tenth++)
    expect(shares.filter((share) => Math.floor(share * 10) === tenth).length).toBeGreaterThan(50);
});

test('waits for the longer of the planned gap and the hint of the receiver', () => {
  expect(choose({ retryAfterMs: 60_000 }).delayMs).toBe(60_000);
  expect(choose({ retryAfterMs: 60_000 }).reason).toMatch(/Retry-After/);
  expect(choose({ sendsSoFar: 4, retryAfterMs: 60_000 }).delayMs).toBeGreaterThanOrEqual(2 * HOUR_MS);
});

test('obeys at most 24 h of a hint', () => {
  expect(choose({ retryAfterMs: 1000 * HOUR_MS }).delayMs).toBe(24 * HOUR_MS);
});

const NOW_MS = Date.UTC(1994, 10, 6, 8, 49, 0);
test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['1.5', 1500],
  ['99999999', 24 * HOUR_MS],
  ['9'.repeat(400), 24 * HOUR_MS],
  ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
  ['Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
  ['Sun Nov  6 08:49:37 1994', 37_000],
  ['Sun, 06 Nov 1993 08:49:37 GMT', 0],
  ['Sun, 06 Nov 1999 08:49:37 GMT', 24 * HOUR_MS],
  ['-5', null],
  ['soon', null],
  ['', null],
  ['Sun, 99 Foo 1994 08:49:37 GMT', null],
  [undefined, null],
])('reads Retry-After %j as %j ms', (value, waitMs) => {
  expect(parseRetryAfter(value, NOW_MS)).toBe(waitMs);
});
