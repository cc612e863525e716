import { expect, test } from '@jest/globals';
import { FORBIDDEN_ROWS, PUBLIC } from '../../tests/servers/forbidden-addresses';
import { makeAddressGuard } from './address-guard';

/** Spellings that no look-up gives, and what is no address. */
const ODD = [
  '127.1',
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
  '',
  'localhost',
  '999.1.1.1',
  '1.2.3.4.5',
  ':::',
  'a.example',
];

test('the table holds at least 60 forbidden addresses', () => {
  expect(FORBIDDEN_ROWS.length).toBeGreaterThanOrEqual(60);
});

test.each(FORBIDDEN_ROWS)('blocks %s: %s', (_kind, ip) => {
  expect(makeAddressGuard([])(ip)).toBe(true);
});

test.each(ODD)('blocks "%s"', (ip) => {
  expect(makeAddressGuard([])(ip)).toBe(true);
});

test.each(PUBLIC)('lets the public address %s pass', (ip) => {
  expect(makeAddressGuard([])(ip)).toBe(false);
});

test('lets allowed ranges pass, also in their v4-mapped form, and nothing beside them', () => {
  const isBlocked = makeAddressGuard(['127.0.0.0/8', 'fd12::/16']);
  expect(['127.0.0.1', '::ffff:127.0.0.1', 'fd12::1'].map(isBlocked)).toEqual([false, false, false]);
  expect(['10.0.0.1', '::1', 'fd13::1', '::127.0.0.1'].map(isBlocked)).toEqual([true, true, true, true]);
});

test('refuses an allow-list with something that is no range', () => {
  expect(() => makeAddressGuard(['loopback'])).toThrow();
});
