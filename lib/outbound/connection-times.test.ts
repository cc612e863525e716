import { expect, test } from '@jest/globals';
import { phasesOf } from './connection-times';

const times = { begunMs: 100, resolvedMs: 110, connectedMs: 130, securedMs: 170, readyMs: 171 };

test('each part lasts from the end of the one before', () => {
  expect(phasesOf(times, 99)).toEqual({ dnsMs: 10, connectMs: 20, tlsMs: 40 });
});

test('a connection that was ready before cost the request nothing', () => {
  expect(phasesOf(times, 171)).toEqual({ dnsMs: null, connectMs: null, tlsMs: null });
});

test('a literal address is not looked up, and plain http has no TLS', () => {
  expect(phasesOf({ ...times, resolvedMs: null, securedMs: null, readyMs: 131 }, 100)).toEqual({
    dnsMs: null,
    connectMs: 30,
    tlsMs: null,
  });
});

test('a request that joins a connection under way waits for the rest of it only', () => {
  expect(phasesOf(times, 120)).toEqual({ dnsMs: 0, connectMs: 10, tlsMs: 40 });
});

test('a failure has the parts that ended', () => {
  expect(phasesOf({ ...times, connectedMs: null, securedMs: null, readyMs: null }, 100)).toEqual({
    dnsMs: 10,
    connectMs: null,
    tlsMs: null,
  });
  expect(phasesOf(null, 100)).toEqual({ dnsMs: null, connectMs: null, tlsMs: null });
});
