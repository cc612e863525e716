import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CONDITION_OPERATORS } from '../../schemas/ontraport-condition';
import { formOf } from '../../tests/servers/form-of';
import { expectNothingLeft, sampleRefusals } from '../../tests/servers/nothing-left';
import { type OneOfEach, openMaker } from '../../tests/servers/one-of-each';
import { isNeeded, valuesFor } from '../../tests/servers/ontraport-values';
import { type ApiAnswer, openTestApi, type TestApi } from '../../tests/servers/open-test-api';
import type { OntraportRoute } from './route';
import { ONTRAPORT_ROUTES } from './routes';

let api: TestApi;
let things: OneOfEach;
beforeAll(async () => {
  api = await openTestApi();
  things = await openMaker(api, api.ada, 'Plain Ada').all();
});
afterAll(() => api.close());

const CALLS = 10_000;
const AT_ONCE = 20;
/** Refused calls of each kind of route that are made again */
const REPEATED = 60;

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

/** A parameter: something that fits, or anything. */
function parameterOf(route: OntraportRoute, name: string): fc.Arbitrary<unknown> {
  const fitting = valuesFor(route, things)[name] ?? [];
  const any = name === 'condition' ? condition : odd;
  return fitting.length === 0 ? any : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...fitting) }, any);
}

/** What any route needs and a few parameters more, so that not all is refused for one of many; now and then one that it has not. */
const anyCall = fc.constantFrom(...ONTRAPORT_ROUTES).chain((route) => {
  const names = Object.keys(route.parameters.shape).filter((name) => name !== 'performAll');
  const [needed, others] = [
    names.filter((name) => isNeeded(route, name)),
    names.filter((name) => !isNeeded(route, name)),
  ];
  return fc.subarray(others, { maxLength: Math.min(3, others.length) }).chain((chosen) =>
    fc.record({
      route: fc.constant(route),
      given: fc.record(Object.fromEntries([...needed, ...chosen].map((name) => [name, parameterOf(route, name)]))),
      extra: fc.oneof(
        { weight: 3, arbitrary: fc.constant({}) },
        fc.dictionary(fc.oneof(oddKey, fc.string({ maxLength: 20 })), odd, { maxKeys: 2 }),
      ),
      spelling: fc.constantFrom('json', 'form', 'query', 'raw'),
    }),
  );
});
type AnyCall = typeof anyCall extends fc.Arbitrary<infer C> ? C : never;

const pathOf = ({ route, given, extra, spelling }: AnyCall): { path: string; raw: string; isBodyless: boolean } => {
  const all = { ...given, ...extra };
  const text = spelling === 'json' ? JSON.stringify(all) : formOf(all);
  const isBodyless = route.method === 'get' || spelling === 'query';
  const query = isBodyless ? `?${formOf(all)}` : '';
  return { path: `/1${route.path}${query}`, raw: spelling === 'raw' ? text.slice(1) : text, isBodyless };
};
const send = (call: AnyCall): Promise<ApiAnswer> => {
  const { path, raw, isBodyless } = pathOf(call);
  const type = call.spelling === 'json' ? 'application/json' : 'application/x-www-form-urlencoded';
  const options = isBodyless ? {} : { raw, headers: { 'content-type': type } };
  return api.ada.call(call.route.method.toUpperCase(), path, undefined, options);
};

test(`${CALLS} random calls over all routes: an answer to each, no failure of its own, and no trace of what is refused`, async () => {
  const calls = fc.sample(anyCall, { numRuns: CALLS, seed: 42 });
  const answers: [call: AnyCall, answer: ApiAnswer][] = [];
  const sendRest = async (): Promise<void> => {
    for (let next = calls.pop(); next; next = calls.pop()) answers.push([next, await send(next)]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendRest));
  const isBad = ({ status, body }: ApiAnswer) => status >= 500 || body?.account_id !== api.ada.account.number;
  const failures = answers.filter(([, answer]) => isBad(answer)).slice(0, 5);
  expect(failures.map(([call, { text }]) => [call.route.method, pathOf(call), text])).toEqual([]);
  expect(answers.filter(([, { status }]) => status === 200).length).toBeGreaterThan(CALLS / 4);

  for (const tag of new Set(ONTRAPORT_ROUTES.map((route) => route.tag))) {
    const ofTag = answers.filter(([{ route }]) => route.tag === tag && route.isAtomic);
    const refused = sampleRefusals(ofTag, ([{ route }, { text }]) => `${route.path} ${text.slice(0, 60)}`, REPEATED);
    await expectNothingLeft(api.system.db, refused, send);
  }
}, 300_000);
