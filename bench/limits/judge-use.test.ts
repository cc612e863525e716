import { expect, test } from '@jest/globals';
import { countUse, longestSilence, shareOf } from './judge-use';
import { stepsOf } from './limit-steps';

const every = (gapMs: number, count: number, fromMs = 0): number[] =>
  Array.from({ length: count }, (_, index) => fromMs + index * gapMs);

test('a webhook at 1 a minute that sends every 60.6 s uses 99 % of its limit, wherever its minutes begin', () => {
  for (const fromMs of [0, 20_000, 59_000])
    expect(shareOf(every(60_600, 5, fromMs), 1, { fromMs: 0, toMs: 300_000 })).toBeCloseTo(0.99, 2);
});

test('a webhook that stops in the middle has not used the rest', () => {
  expect(shareOf(every(1000, 60), 60, { fromMs: 0, toMs: 120_000 })).toBeCloseTo(0.5, 1);
  expect(shareOf([], 60, { fromMs: 0, toMs: 120_000 })).toBe(0);
});

test('a pause counts where it is not left out', () => {
  const subject = { atMs: [...every(1000, 30), ...every(1000, 30, 60_000)], steps: stepsOf(60, []) };
  const stretch = { fromMs: 0, toMs: 90_000 };
  expect(countUse([subject], stretch)).toEqual({ arrived: 60, allowed: 90 });
  expect(countUse([subject], stretch, [{ fromMs: 30_000, toMs: 60_000 }])).toEqual({ arrived: 60, allowed: 60 });
});

test('the longest silence is found, at the ends too', () => {
  expect(longestSilence(every(1000, 10), { fromMs: 0, toMs: 30_000 })).toBe(21_000);
});
