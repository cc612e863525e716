import { expect, test } from '@jest/globals';
import type { HeaderRow } from '../schemas/header-row';
import { keepSecrets, missingSecrets } from './keep-secrets';

const secret = (name: string, value = ''): HeaderRow => ({ name, value, isSecret: true });
const plain = (name: string, value: string): HeaderRow => ({ name, value, isSecret: false });
const valuesOf = (given: HeaderRow[], stored: HeaderRow[]) =>
  keepSecrets(given, stored).rows.map(({ row, isKept }) => [row.value, isKept]);

test('a secret row without a value keeps the stored one, whatever the case of its name', () => {
  expect(valuesOf([plain('X-A', '1'), secret('x-TOKEN')], [secret('X-Token', 'sealed')])).toEqual([
    ['1', false],
    ['sealed', true],
  ]);
});

test('a value that is given replaces the stored one', () => {
  expect(valuesOf([secret('X-Token', 'new')], [secret('X-Token', 'sealed')])).toEqual([['new', false]]);
});

test('rows of one name keep their values in their order', () => {
  const stored = [secret('Cookie', 'one'), secret('Cookie', 'two')];
  expect(valuesOf([secret('Cookie', 'new'), secret('Cookie')], stored)).toEqual([
    ['new', false],
    ['two', true],
  ]);
});

test('with another number of rows of one name nobody guesses which value is meant', () => {
  const stored = [secret('Cookie', 'one'), secret('Cookie', 'two')];
  const { problems } = keepSecrets([plain('X-A', '1'), secret('Cookie')], stored);
  expect(problems).toEqual([
    { path: 'headers.1.value', message: expect.stringContaining('several rows are named Cookie') },
  ]);
});

test.each([
  ['a new row', []],
  ['a row that came with a map file and has none', [secret('Authorization')]],
  ['a row that was no secret before', [plain('X-Other', 'x')]],
])('%s must have a value', (_what, stored) => {
  expect(keepSecrets([secret('Authorization')], stored).problems).toEqual([
    { path: 'headers.0.value', message: 'must be given: Authorization is a secret header of which no value is stored' },
  ]);
});

test('a stored secret is not shown by making its row a plain one', () => {
  expect(valuesOf([plain('X-Mine', '')], [secret('X-Mine', 'sealed')])).toEqual([['', false]]);
});

test('secret rows without a value are named', () => {
  expect(missingSecrets([secret('A'), secret('B', 'sealed'), plain('C', '')])).toEqual(['A']);
});
