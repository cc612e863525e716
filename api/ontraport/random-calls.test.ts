import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CONDITION_OPERATORS } from '../../schemas/ontraport-condition';
import { formOf } from '../../tests/servers/form-of';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';
import { ONTRAPORT_ROUTES } from './routes';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const CALLS = 10_000;
const AT_ONCE = 20;

const oddKey = fc.constantFrom(
  '__proto__',
  '$where',
  'constructor',
  'a.b',
  '',
  'toString',
  '\0',
  'id',
  'email',
  'spent',
);
const odd = fc.oneof(
  fc.constantFrom(
    '1',
    1,
    0,
    '0',
    '1,2',
    [1],
    ['x'],
    'asc',
    'Customer',
    'a@b.c',
    '*/*1*/*',
    '%',
    'a\0b',
    '\ud800',
    1e308,
    -1,
    2 ** 53,
    null,
    {},
    [],
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.anything({ key: oddKey, maxDepth: 3 }),
);
const named = fc.constantFrom(
  'email',
  'spent',
  'birthday',
  'id',
  'date',
  'tag_name',
  'firstname',
  '$where',
  '__proto__',
  'response_code',
);
const conditionTest = fc.record({
  field: fc.record({ field: fc.oneof(named, fc.string()) }),
  op: fc.oneof(fc.constantFrom(...CONDITION_OPERATORS), fc.string()),
  value: fc.oneof(
    fc.record({ value: odd }),
    fc.record({ list: fc.array(fc.record({ value: odd }), { maxLength: 3 }) }),
  ),
});
const condition = fc.oneof(
  fc.tuple(conditionTest, fc.constantFrom('AND', 'OR', 'x'), conditionTest).map((parts) => JSON.stringify(parts)),
  conditionTest.map((one) => JSON.stringify([one])),
  fc.string(),
);

/** Any parameters of any route, and now and then one that it does not have. */
const anyCall = fc.constantFrom(...ONTRAPORT_ROUTES).chain((route) => {
  const names = Object.keys(route.parameters.shape).filter((name) => name !== 'performAll');
  const values = Object.fromEntries(
    names.map((name) => [
      name,
      name === 'condition'
        ? condition
        : name === 'objectID'
          ? fc.oneof({ weight: 6, arbitrary: fc.constantFrom(0, '0', 16) }, odd)
          : odd,
    ]),
  );
  const extra = fc.dictionary(fc.oneof(oddKey, fc.string({ maxLength: 20 })), odd, { maxKeys: 2 });
  const given = fc.record(values, { requiredKeys: names.includes('objectID') ? ['objectID'] : [] });
  return fc.record({
    route: fc.constant(route),
    given,
    extra,
    spelling: fc.constantFrom('json', 'form', 'query', 'raw'),
  });
});

test(`${CALLS} random calls over all routes: an answer to each, and no failure of its own`, async () => {
  const calls = fc.sample(anyCall, { numRuns: CALLS, seed: 42 });
  const failures: unknown[] = [];
  const statuses: Record<number, number> = {};
  const send = async (): Promise<void> => {
    for (let next = calls.pop(); next; next = calls.pop()) {
      const { route, spelling } = next;
      const given = { ...next.given, ...next.extra };
      const method = route.method.toUpperCase();
      const text = spelling === 'json' ? JSON.stringify(given) : formOf(given);
      const isBodyless = method === 'GET' || spelling === 'query';
      const path = `/1${route.path}${isBodyless ? `?${spelling === 'json' ? formOf(given) : text}` : ''}`;
      const type = spelling === 'json' ? 'application/json' : 'application/x-www-form-urlencoded';
      const raw = spelling === 'raw' ? text.slice(1) : text;
      const answer = await api.ada.call(
        method,
        path,
        undefined,
        isBodyless ? {} : { raw, headers: { 'content-type': type } },
      );
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      if (answer.status >= 500 || answer.body?.account_id !== api.ada.account.number)
        failures.push([method, path, raw.slice(0, 500), answer.text]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  expect(failures.slice(0, 5)).toEqual([]);
  expect(statuses[200]).toBeGreaterThan(CALLS / 20);
}, 300_000);
