import { expect, test } from '@jest/globals';
import { makeAddressGuard } from './address-guard';

const BLOCKED: Record<string, string[]> = {
  'this network': ['0.0.0.0', '0.1.2.3', '::'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1', '127.1', '2130706433', '0x7f.1', '0177.0.0.1'],
  private: ['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255'],
  'carrier NAT': ['100.64.0.1', '100.127.255.255'],
  metadata: ['169.254.169.254', '100.100.100.200', '168.63.129.16', '192.0.0.192', 'fd00:ec2::254', '169.254.170.2'],
  'link-local': ['169.254.0.1', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
  'unique and site local': ['fc00::1', 'fd12:3456::1', 'fec0::1'],
  'v4-mapped': ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '::ffff:0:0'],
  'v4-compatible': ['::127.0.0.1', '::10.0.0.1', '::8.8.8.8'],
  'v4-translated': ['::ffff:0:127.0.0.1', '::ffff:0:8.8.8.8'],
  NAT64: ['64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe', '64:ff9b::808:808', '64:ff9b:1::1'],
  '6to4': ['2002:7f00:1::', '2002:a00:1::1', '192.88.99.1'],
  Teredo: ['2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1'],
  reserved: ['240.0.0.1', '255.255.255.255', '192.0.0.8', '198.18.0.1', '198.19.255.255', '5f00::1', '4000::1'],
  documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  discard: ['100::1'],
  'no address': ['', 'localhost', '999.1.1.1', '1.2.3.4.5', ':::', 'example.com'],
};
const PUBLIC = ['1.1.1.1', '8.8.8.8', '93.184.215.14', '172.15.0.1', '172.32.0.1', '100.63.255.255', '100.128.0.1'];
const PUBLIC_V6 = ['2606:4700:4700::1111', '2a00:1450:4001:80b::200e', '2001:4860:4860::8888', '::ffff:8.8.8.8'];

const rows = Object.entries(BLOCKED).flatMap(([kind, ips]) => ips.map((ip) => [kind, ip] as const));

test.each(rows)('blocks %s: %s', (_kind, ip) => {
  expect(makeAddressGuard([])(ip)).toBe(true);
});

test.each([...PUBLIC, ...PUBLIC_V6])('lets the public address %s pass', (ip) => {
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

test('covers at least 60 addresses', () => {
  expect(rows.length + PUBLIC.length + PUBLIC_V6.length).toBeGreaterThanOrEqual(60);
});
