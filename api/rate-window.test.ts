import { expect, test } from '@jest/globals';
import { openRateWindow } from './rate-window';

test('a window of a rate begins with its first and is over after its length', () => {
  const rate = openRateWindow({ max: 2, windowMs: 60_000 });
  expect([rate.take('a', 0), rate.take('a', 1), rate.take('a', 2), rate.take('b', 2)]).toEqual([0, 0, 60, 0]);
  expect([rate.take('a', 59_999), rate.take('a', 60_000)]).toEqual([1, 0]);
});
