import { expect, test } from '@jest/globals';
import { isReceiverUnwell, judgeFailing } from './judge-receiver';

const HOUR_MS = 3_600_000;
const since = new Date('2026-01-01T00:00:00Z');
const after = (hours: number, given = {}) =>
  judgeFailing({ count: 100, since, notices: 2, ...given }, since.getTime() + hours * HOUR_MS);

test('a webhook is disabled only after 100 failed attempts and 3 days without a success', () => {
  expect(after(72)?.kind).toBe('disable');
  expect(after(71.9)).toBeNull();
  expect(after(72, { count: 99 })).toBeNull();
  expect(after(720, { count: 99 })).toBeNull();
});

test('a notice is due after one day and after two, each once', () => {
  expect(after(23.9, { notices: 0 })).toBeNull();
  expect(after(24, { notices: 0 })).toMatchObject({ kind: 'notice', number: 1 });
  expect(after(30, { notices: 1 })).toBeNull();
  expect(after(48, { notices: 1 })).toMatchObject({ kind: 'notice', number: 2 });
});

test('a webhook that is seldom used gets no notice for a few failures', () => {
  expect(after(30, { count: 9, notices: 0 })).toBeNull();
});

test('a refused request, a plea to go slower and a request of ours that cannot be sent say nothing about the receiver', () => {
  expect(isReceiverUnwell('rejected', 400)).toBe(false);
  expect(isReceiverUnwell('transient', 429)).toBe(false);
  expect(isReceiverUnwell('invalid', null)).toBe(false);
  expect(isReceiverUnwell('blocked', null)).toBe(false);
  expect(isReceiverUnwell('transient', 503)).toBe(true);
  expect(isReceiverUnwell('timeout', null)).toBe(true);
});
