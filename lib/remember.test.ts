import { expect, test } from '@jest/globals';
import { rememberFor } from './remember';

test('a value is read once within its time, and by key', async () => {
  let reads = 0;
  const read = rememberFor(60_000, async (key) => `${key}${++reads}`);
  expect([await read('a'), await read('a'), await read('b')]).toEqual(['a1', 'a1', 'b2']);
});

test('a value is read again when its time is over', async () => {
  let reads = 0;
  const read = rememberFor(0, async () => ++reads);
  expect([await read('a'), await read('a')]).toEqual([1, 2]);
});

test('a read that failed is not kept', async () => {
  let reads = 0;
  const read = rememberFor(60_000, async () => {
    if (++reads === 1) throw new Error('away');
    return reads;
  });
  await expect(read('a')).rejects.toThrow('away');
  expect(await read('a')).toBe(2);
});
