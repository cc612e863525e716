import { expect, test } from '@jest/globals';
import { loadConfig } from '../config';
import { newSecretKey, parseSecretKeys } from './parse-keys';

const KEY = Buffer.alloc(32, 7).toString('base64');

test('keys are read in their order, with spaces around them', () => {
  const { keys, mistake } = parseSecretKeys(`a:${KEY}, b-2:${Buffer.alloc(32, 8).toString('base64url')}`);
  expect(mistake).toBeNull();
  expect(keys?.map(({ id, bytes }) => [id, bytes.length])).toEqual([
    ['a', 32],
    ['b-2', 32],
  ]);
});

test('a new key is one that is taken', () => {
  expect(parseSecretKeys(newSecretKey('2026-01')).mistake).toBeNull();
});

test.each([
  ['', 'pair 1 is not'],
  [KEY, 'pair 1 is not'],
  [`a:${KEY},`, 'pair 2 is not'],
  [`a b:${KEY}`, 'pair 1 is not'],
  ['a:short', 'key "a" is 3 bytes'],
  ['a:not*base64', 'key "a" is no base64'],
  [`a:${KEY},a:${KEY}`, 'the key "a" twice'],
])('%j is refused with what to mend', (text, why) => {
  expect(parseSecretKeys(text).mistake).toContain(why);
});

test('a mistake in the setting names it and never repeats a key', () => {
  const load = () => loadConfig({ SECRET_KEYS: `a:${KEY},b:${KEY}x!` });
  expect(load).toThrow(/SECRET_KEYS: .*key "b" is no base64/);
  expect(load).not.toThrow(new RegExp(KEY.slice(0, 10)));
});
