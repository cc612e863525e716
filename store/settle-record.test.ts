import { expect, test } from '@jest/globals';
import type { StoredRecord } from '../schemas/record';
import { settledByOf } from './settle-record';

const createdAt = new Date('2026-11-25T09:00:00Z');
const after = (ms: number) => new Date(createdAt.getTime() + ms);
const record = (settleSeconds?: number) => ({ createdAt, settleSeconds }) as StoredRecord;

test('each change makes a new record wait anew, but never longer than 10 minutes in all', () => {
  expect(settledByOf(record(5), createdAt)).toEqual(after(5000));
  expect(settledByOf(record(5), after(3000))).toEqual(after(8000));
  expect(settledByOf(record(60), after(590_000))).toEqual(after(600_000));
  expect(settledByOf(record(5), after(600_000))).toBeNull();
});

test('a record of an account that settles nothing never waits', () => {
  expect(settledByOf(record(), createdAt)).toBeNull();
});
