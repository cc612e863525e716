import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CONDITION_OPERATORS } from '../../schemas/ontraport-condition';
import { nextNumber } from '../../store/numbers';
import { RECORDS } from '../../store/records';
import { RULES } from '../../store/rules';
import { TAGS } from '../../store/tags';
import { type ApiCaller, openTestApi, type TestApi } from '../../tests/servers/open-test-api';
import { buildApp } from '../build-app';
import type { OntraportRoute } from './route';
import { ONTRAPORT_ROUTES } from './routes';

let api: TestApi;
/** Values of Bob's for every parameter that can name something of his */
let bobs: Record<string, unknown>;
beforeAll(async () => {
  api = await openTestApi();
  bobs = await makeOneOfEach(api.bob);
});
afterAll(() => api.close());

const call = (
  by: ApiCaller,
  { method, path }: Pick<OntraportRoute, 'method' | 'path'>,
  given: Record<string, unknown>,
) => {
  const isInQuery = method === 'get' || method === 'delete';
  return by.call(
    method.toUpperCase(),
    `/1${path}${isInQuery ? `?${formOf(given)}` : ''}`,
    isInQuery ? undefined : given,
  );
};

/** Bob's decimal ids are higher than any that Ada gets here, so that one of his never is one of hers. */
async function makeOneOfEach(bob: ApiCaller): Promise<Record<string, unknown>> {
  const { db } = api.system;
  for (let n = 0; n < 1500; n++) await nextNumber(db, bob.account._id, 'records');
  for (const kind of ['tags', 'maps', 'rules'] as const)
    for (let n = 0; n < 60; n++) await nextNumber(db, bob.account._id, kind);
  const data = async (method: string, path: string, body: unknown) => {
    const answer = await bob.call(method, `/1${path}`, body);
    expect([path, answer.status, answer.body.code]).toEqual([path, 200, 0]);
    return answer.body.data;
  };
  const record = await data('POST', '/Contacts', { firstname: 'Secret Bob', email: 'bob@example.com' });
  const tag = await data('POST', '/Tags', { tag_name: 'Secret tag' });
  await data('PUT', '/objects/tag', { objectID: 0, ids: record.id, add_list: tag.id });
  await data('POST', '/Rules', {
    name: 'Secret Bob rule',
    object_type_id: 0,
    events: `Contact_added_to_category(${tag.id})`,
    actions: `Remove_contact_from_category(${tag.id})`,
  });
  await bob.call('POST', '/v1/maps', { name: 'Secret Bob map' });
  for (const [path, of] of Object.entries({ Rules: '/Rules', Maps: '/CampaignBuilderItems', Tags: '/Tags' })) {
    const [{ id }] = (await bob.call('GET', `/1${of}`)).body.data;
    ofKind[path] = { id: Number(id), ids: [Number(id)] };
  }
  return {
    id: Number(record.id),
    unique_id: record.unique_id,
    ids: [Number(record.id)],
    tag_id: Number(tag.id),
    add_list: tag.id,
    remove_list: tag.id,
    tag_name: 'Secret tag',
    add_names: ['Ada'],
    remove_names: ['Secret tag'],
    email: 'bob@example.com',
    search: 'Secret',
    objectID: 0,
    object_type_id: 0,
  };
}

/** Bob's ids in routes that are not about records, by their tags */
const ofKind: Record<string, Record<string, unknown>> = {};

const stateOfBob = async (): Promise<string> => {
  const { db } = api.system;
  const accountId = api.bob.account._id;
  const all = [RECORDS, TAGS, RULES].map((from) =>
    db
      .model(from as typeof TAGS)
      .find({ accountId })
      .lean(),
  );
  return JSON.stringify(await Promise.all(all));
};

/** Parameters of a route, with Bob's values wherever there is one. */
const bobsFor = ({ parameters, tag }: OntraportRoute): Record<string, unknown> => {
  const all = { ...bobs, ...ofKind[tag] };
  return Object.fromEntries(Object.keys(parameters.shape).flatMap((name) => (name in all ? [[name, all[name]]] : [])));
};
const nameOf = ({ method, path }: OntraportRoute): string => `${method.toUpperCase()} /1${path}`;

test('no route answers or changes with what belongs to another account', async () => {
  const before = await stateOfBob();
  for (const route of ONTRAPORT_ROUTES) {
    const given = bobsFor(route);
    for (const only of [given, ...Object.keys(given).map((name) => ({ objectID: 0, [name]: given[name] }))]) {
      const answer = await call(api.ada, route, only);
      expect([nameOf(route), answer.status < 500]).toEqual([nameOf(route), true]);
      // A name that Ada gives is her own tag from then on.
      const isHers = Object.values(only).includes('Secret tag') && ['post', 'put'].includes(route.method);
      if (!isHers)
        expect([nameOf(route), answer.text]).toEqual([
          nameOf(route),
          expect.not.stringMatching(/secret bob|bob@.*"id"/i),
        ]);
      const isByIdAlone = 'id' in only && route.parameters.shape.id?.safeParse(undefined).success === false;
      if (isByIdAlone) expect([400, 404]).toContain(answer.status);
    }
  }
  expect(await stateOfBob()).toBe(before);
});

test('the page about this API names every endpoint', () => {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'ontraport-api.md'), 'utf8');
  const own = ONTRAPORT_ROUTES.filter(({ preset }) => Object.keys(preset).length === 0);
  expect(own.filter(({ path }) => !page.includes(`\`${path}\``)).map(nameOf)).toEqual([]);
});

test('Bob reaches what is his', async () => {
  for (const path of [`/Contact?id=${bobs.id}`, `/Contacts?ids=${bobs.id}`, `/Tag?id=${bobs.tag_id}`, '/Tags']) {
    const answer = await api.bob.call('GET', `/1${path}`);
    expect([path, answer.status, answer.text]).toEqual([path, 200, expect.stringMatching(/secret/i)]);
  }
});

test('a key makes so many calls in a minute and is told when it may make more', async () => {
  const server = createServer(buildApp({ ...api.parts, ontraportCallsPerMinute: 5 }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/1/Tags/getInfo`;
  const made = await api.bob.call('POST', '/v1/keys', { name: 'limited' });
  const headers = { 'api-key': made.body.apiKey, 'api-appid': made.body.appId };
  const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(url, { headers })));
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
  const left = answers.filter(({ ok }) => ok).map((one) => one.headers.get('x-rate-limit-remaining'));
  expect(left.sort()).toEqual(['0', '1', '2', '3', '4']);
  const refused = answers.find(({ status }) => status === 429);
  const of = (name: string) => refused?.headers.get(name);
  expect(of('x-rate-limit-limit')).toBe('5');
  expect(of('x-rate-limit-remaining')).toBe('0');
  expect(Number(of('x-rate-limit-reset'))).toBeGreaterThan(0);
  expect(Number(of('x-rate-limit-reset'))).toBeLessThanOrEqual(61);
  expect(of('retry-after')).toBe(of('x-rate-limit-reset'));
  expect(await refused?.json()).toEqual({ code: 429, data: expect.any(String), account_id: api.bob.account.number });
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
});

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

function formOf(given: Record<string, unknown>): string {
  return Object.entries(given)
    .map(([key, value]) => {
      const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
      return `${encodeURIComponent(key.toWellFormed())}=${encodeURIComponent(text.toWellFormed())}`;
    })
    .join('&');
}
