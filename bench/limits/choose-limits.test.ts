import { expect, test } from '@jest/globals';
import { chooseLimits } from './choose-limits';

const sumOf = (limits: number[]): number => limits.reduce((sum, limit) => sum + limit, 0);

test.each([
  [500, 720],
  [200, 600],
  [12, 300],
  [40, 40],
])('%i webhooks share a sum of %i a minute, each from 1 to 180', (count, sum) => {
  const limits = chooseLimits(count, sum);
  expect(limits).toHaveLength(count);
  expect(sumOf(limits)).toBe(sum);
  expect(Math.min(...limits)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...limits)).toBeLessThanOrEqual(180);
});

test('the mix holds one webhook at 180 as soon as the sum allows it', () => {
  expect(chooseLimits(500, 720)[0]).toBe(180);
});

test('a sum below one a minute for each is refused', () => {
  expect(() => chooseLimits(10, 9)).toThrow('need a sum of 10');
});
