import { expect, test } from '@jest/globals';
import { DISGUISED, FORBIDDEN_ROWS, inUrl, PUBLIC } from '../../tests/servers/forbidden-addresses';
import { makeHostGuard } from './host-guard';

/** What the parser makes of a host; null when it refuses the URL. */
const parsed = (host: string): string | null => {
  const url = URL.canParse(`http://${host}/`) ? new URL(`http://${host}/`) : null;
  return url?.hostname ?? null;
};
const isRefused = (host: string, allow: string[] = []): boolean => {
  const hostname = parsed(host);
  return hostname === null || makeHostGuard(allow)(hostname);
};

test.each(FORBIDDEN_ROWS)('refuses %s: %s', (_kind, address) => {
  expect(isRefused(inUrl(address))).toBe(true);
});

test.each(DISGUISED)('refuses a host in disguise, %s: %s', (_kind, host) => {
  expect(isRefused(host)).toBe(true);
});

test.each([...PUBLIC.map(inUrl), 'example.com', 'localhost.example.com', 'notlocalhost', 'internal.example', 'crm'])(
  'lets %s pass',
  (host) => {
    expect(isRefused(host)).toBe(false);
  },
);

test('lets the machine itself pass where loopback is allowed, by address and by name', () => {
  const allow = ['127.0.0.0/8'];
  for (const host of ['127.0.0.1', '127.1', '[::ffff:127.0.0.1]', 'localhost', 'hook.localhost'])
    expect([host, isRefused(host, allow)]).toEqual([host, false]);
  for (const host of ['10.0.0.1', '[::1]']) expect([host, isRefused(host, allow)]).toEqual([host, true]);
});

test('names of private networks pass where any private range is allowed, and then depend on their addresses', () => {
  expect(isRefused('crm.internal', ['10.0.0.0/8'])).toBe(false);
  expect(isRefused('localhost', ['10.0.0.0/8'])).toBe(true);
});
