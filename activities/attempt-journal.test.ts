import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loggedAttempt } from '../tests/servers/stored';
import { addVanished, mergeJournals, shorten, unknownAttempt } from './attempt-journal';

const keysOf = (journal: { call: number; temporalAttempt: number }[]) =>
  journal.map((line) => `${line.call}.${line.temporalAttempt}`);
const line = fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 5 })).map(([call, attempt]) => loggedAttempt(call, attempt));
const journal = fc.array(line, { maxLength: 8 });

test('merged journals hold each attempt once, in order, numbered from 1', () => {
  fc.assert(
    fc.property(journal, journal, (a, b) => {
      const merged = mergeJournals(a, undefined, b);
      expect(new Set(keysOf(merged))).toEqual(new Set(keysOf([...a, ...b])));
      expect(new Set(keysOf(merged)).size).toBe(merged.length);
      expect(merged.map(({ number }) => number)).toEqual(merged.map((_, index) => index + 1));
      const order = merged.map(({ call, temporalAttempt }) => call * 100 + temporalAttempt);
      expect(order).toEqual([...order].sort((x, y) => x - y));
    }),
  );
});

test('merging again changes nothing', () => {
  fc.assert(
    fc.property(journal, journal, (a, b) => {
      const merged = mergeJournals(a, b);
      expect(mergeJournals(merged, a, b)).toEqual(merged);
    }),
  );
});

test('of two lines for one attempt the first stays', () => {
  const merged = mergeJournals([loggedAttempt(0, 1, { status: 200 })], [loggedAttempt(0, 1, { status: 500 })]);
  expect(merged.map(({ status }) => status)).toEqual([200]);
});

test('an attempt of this call that began and left no line is logged as one that may have been processed', () => {
  const added = addVanished([loggedAttempt(0, 2)], { call: 0, attempt: 4 }, (attempt) => attempt <= 3);
  expect(keysOf(added)).toEqual(['0.1', '0.2', '0.3']);
  expect(added.map((each) => each.class)).toEqual(['unknown', 'transient', 'unknown']);
  expect(added[0]?.error).toBe('unknown: may have been processed');
});

test('an attempt that is not known to have begun gets no line, nor does one of another call', () => {
  expect(addVanished([], { call: 2, attempt: 4 }, () => false)).toEqual([]);
  expect(keysOf(addVanished([loggedAttempt(0, 7)], { call: 1, attempt: 1 }, () => true))).toEqual(['0.7']);
});

test('the first attempt has nobody before it', () => {
  expect(addVanished([], { call: 0, attempt: 1 }, () => true)).toEqual([]);
});

test('what Temporal keeps of a line has the headers that fit into 4 KiB and at most 2 KiB of each body', () => {
  const body = 'x'.repeat(5000);
  const headers = { short: 'kept', long: 'x'.repeat(4096), last: 'kept' };
  const request = { method: 'POST', url: 'https://example.com', headers, body };
  const response = { headers, body, isTruncated: false };
  const kept = shorten(loggedAttempt(0, 1, { request, response }));
  const fitting = { short: 'kept' };
  expect(kept.request).toMatchObject({ headers: fitting, body: 'x'.repeat(2048) });
  expect(kept.response).toEqual({ headers: fitting, body: 'x'.repeat(2048), isTruncated: true });
});

test('what was mapped from an answer stays whole: the step after the delivery needs it', () => {
  const mapped = { fields: { notes: 'x'.repeat(5000) }, variables: { order_id: 1 }, problems: [] };
  expect(shorten(loggedAttempt(0, 1, { mapped })).mapped).toEqual(mapped);
});

test('a short body is not called cut, and a line without request or answer stays without', () => {
  expect(shorten(loggedAttempt(0, 1)).response?.isTruncated).toBe(false);
  const unknown = unknownAttempt({ call: 0, attempt: 1 });
  expect(shorten(unknown)).toEqual(unknown);
});

test('ten lines as long as they get stay far below what Temporal takes as one payload', () => {
  const body = 'ä'.repeat(20_000);
  const headers = { long: 'x'.repeat(4092) };
  const request = { method: 'POST', url: `https://example.com/${'x'.repeat(2000)}`, headers, body };
  const long = loggedAttempt(0, 1, { request, response: { headers, body, isTruncated: true } });
  const bytes = Buffer.byteLength(JSON.stringify(Array(10).fill(shorten(long))));
  expect(bytes).toBeGreaterThan(80 * 1024);
  expect(bytes).toBeLessThan(256 * 1024);
});
