import { expect, test } from '@jest/globals';
import { beginTimes, phasesOf } from './connection-times';

const times = { begunMs: 100, resolvedMs: 110, connectedMs: 130, securedMs: 170, readyMs: 171 };

test('each part lasts from the end of the one before', () => {
  expect(phasesOf(times)).toEqual({ dnsMs: 10, connectMs: 20, tlsMs: 40 });
});

test('a literal address is not looked up, and plain http has no TLS', () => {
  expect(phasesOf({ ...times, resolvedMs: null, securedMs: null, readyMs: 131 })).toEqual({
    dnsMs: null,
    connectMs: 30,
    tlsMs: null,
  });
});

test('a failure has the parts that ended, and a connection that was there already has none', () => {
  expect(phasesOf({ ...times, connectedMs: null, securedMs: null, readyMs: null })).toEqual({
    dnsMs: 10,
    connectMs: null,
    tlsMs: null,
  });
  expect(phasesOf(beginTimes())).toEqual({ dnsMs: null, connectMs: null, tlsMs: null });
});
