import { expect, test } from '@jest/globals';
import { likelyRatios, percentile } from './percentile';

const ramp = Array.from({ length: 1000 }, (_, index) => index + 1);
const apart = (values: number[]): number[][] => values.map((value) => [value]);

test('a percentile is the value that so large a share does not exceed', () => {
  expect(percentile(ramp, 0.5)).toBe(500);
  expect(percentile(ramp, 0.99)).toBe(990);
  expect(percentile([], 0.5)).toBeNaN();
});

test('two samples that are alike may have the same median: 1 lies within what chance makes of their ratio', () => {
  const [least, most] = likelyRatios(apart(ramp), apart(ramp), 0.5);
  expect(least).toBeLessThan(1);
  expect(most).toBeGreaterThan(1);
});

test('a sample that is twice the other one is not so by chance, and the ratio lies around 2', () => {
  const doubled = ramp.map((value) => value * 2);
  const [least, most] = likelyRatios(apart(ramp), apart(doubled), 0.5);
  expect(least).toBeGreaterThan(1.7);
  expect(most).toBeLessThan(2.3);
  expect(least).toBeLessThan(2);
  expect(most).toBeGreaterThan(2);
});

test('values that are slow together say less than as many that are slow for themselves', () => {
  const calm = Array.from({ length: 900 }, (_, index) => 100 + (index % 10));
  const slow = Array.from({ length: 100 }, (_, index) => 200 + (index % 10));
  const values = [...calm, ...slow];
  const together = Array.from({ length: 10 }, (_, block) => values.slice(block * 100, block * 100 + 100));
  const widthOf = ([least, most]: [number, number]): number => most - least;
  expect(widthOf(likelyRatios(together, together, 0.85))).toBeGreaterThan(
    3 * widthOf(likelyRatios(apart(values), apart(values), 0.85)),
  );
});
