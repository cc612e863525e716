import { expect, test } from '@jest/globals';
import { webhookSettings } from './webhook';

const problemsOf = (headers: object[]) =>
  webhookSettings.safeParse({ name: 'CRM', url: 'https://example.com', headers }).error?.issues ?? [];
const rows = (count: number, bytes = 1) =>
  Array.from({ length: count }, (_, n) => ({ name: `X-${n}`, value: 'x'.repeat(bytes) }));

test('30 header rows are taken, the 31st is refused', () => {
  expect(problemsOf(rows(30))).toEqual([]);
  expect(problemsOf(rows(31))).toMatchObject([{ path: ['headers'] }]);
});

test('all headers together, as they stand on the wire, may have 8 KiB and no more', () => {
  // `X-0: ` and the line break around each value
  const two = (bytes: number) => [...rows(1, 4090), { name: 'X-1', value: 'x'.repeat(bytes) }];
  expect(problemsOf(two(8192 - 4090 - 14))).toEqual([]);
  expect(problemsOf(two(8192 - 4090 - 14 + 1))).toMatchObject([
    { path: ['headers'], message: 'all headers together must stay under 8 KiB' },
  ]);
});
