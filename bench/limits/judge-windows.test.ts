import { expect, test } from '@jest/globals';
import { judgeWindows } from './judge-windows';
import { allowedIn, stepsOf } from './limit-steps';

const every = (gapMs: number, count: number, fromMs = 0): number[] =>
  Array.from({ length: count }, (_, index) => fromMs + index * gapMs);

test('60 arrivals in a minute are within a limit of 60, the 61st within 60 s is above', () => {
  expect(judgeWindows(every(1000, 200), stepsOf(60, []))).toEqual({ above: 0, worst: 0 });
  expect(judgeWindows(every(999, 61), stepsOf(60, []))).toEqual({ above: 1, worst: 1 });
});

test('a lowered limit is judged from 5 s after the edit on, and not before', () => {
  const steps = stepsOf(60, [{ askedMs: 59_000, answeredMs: 60_000, limit: 6 }]);
  const fast = every(1000, 65);
  expect(judgeWindows([...fast, ...every(10_000, 30, 74_000)], steps).above).toBe(0);
  expect(judgeWindows([...fast, ...every(1000, 80, 65_000)], steps).above).toBeGreaterThan(0);
});

test('a raised limit counts from when it was asked for', () => {
  const steps = stepsOf(6, [{ askedMs: 60_000, answeredMs: 61_000, limit: 60 }]);
  expect(judgeWindows([...every(10_000, 6), ...every(1000, 60, 60_000)], steps).above).toBe(0);
  expect(judgeWindows([...every(10_000, 5), ...every(1000, 10, 48_000)], steps).above).toBeGreaterThan(0);
});

test('what the limits allow is their sum over time', () => {
  const steps = stepsOf(60, [{ askedMs: 60_000, answeredMs: 60_000, limit: 120 }]);
  expect(allowedIn(steps, 0, 120_000)).toBe(180);
});
