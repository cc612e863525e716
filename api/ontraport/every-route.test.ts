import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { nextNumber } from '../../store/numbers';
import { formOf } from '../../tests/servers/form-of';
import { type OneOfEach, openMaker } from '../../tests/servers/one-of-each';
import { isNeeded, NAMES_NOTHING, valuesFor } from '../../tests/servers/ontraport-values';
import { type ApiAnswer, type ApiCaller, openTestApi, type TestApi } from '../../tests/servers/open-test-api';
import { stateOf } from '../../tests/servers/state-of';
import { EMPTY_TAG } from './empty-collections';
import type { OntraportRoute } from './route';
import { ONTRAPORT_ROUTES } from './routes';

type Given = Record<string, unknown>;

let api: TestApi;
let bobs: OneOfEach;
let adas: OneOfEach;
let bobsType: number;
beforeAll(async () => {
  api = await openTestApi();
  await skipNumbers(api.bob);
  bobs = await openMaker(api, api.bob, 'Secret Bob').all();
  adas = await openMaker(api, api.ada, 'Plain Ada').all();
  const names = { name: 'Secret Bob type', plural: 'Secret Bob types' };
  bobsType = (await api.bob.call('POST', '/v1/object-types', names)).body.objectTypeId;
});
afterAll(() => api.close());

/** Bob's decimal ids are higher than any that Ada gets here, so that one of his never is one of hers. */
async function skipNumbers({ account: { _id } }: ApiCaller): Promise<void> {
  const { db } = api.system;
  const skip = async (kind: Parameters<typeof nextNumber>[2], count: number): Promise<void> => {
    for (let n = 0; n < count; n++) await nextNumber(db, _id, kind);
  };
  const kinds = ['tags', 'maps', 'rules', 'subscriptions', 'forms', 'messages', 'webhooks', 'inbounds'] as const;
  await Promise.all([skip('records', 3000), ...kinds.map((kind) => skip(kind, 100))]);
}

const isInQuery = ({ method }: OntraportRoute): boolean => method === 'get' || method === 'delete';
const call = (by: ApiCaller, route: OntraportRoute, given: Given) => {
  const query = isInQuery(route) ? `?${formOf(given)}` : '';
  return by.call(route.method.toUpperCase(), `/1${route.path}${query}`, isInQuery(route) ? undefined : given);
};
const nameOf = ({ method, path }: OntraportRoute): string => `${method.toUpperCase()} /1${path}`;

/** Names in what writes are the caller's own words: a tag that Ada names is hers. */
const isGivenName = ({ method }: OntraportRoute, name: string): boolean =>
  method !== 'get' && ['name', 'tag_name', 'add_names', 'remove_names'].includes(name);
/** Where one of several parameters is enough, the usual one stands aside for those that are tried in its place. */
const INSTEAD_OF: Readonly<Record<string, readonly string[]>> = {
  id: ['unique_id'],
  ids: ['id', 'condition', 'search'],
  tag_id: ['tag_name'],
};

/** What a route must be given, of one account's things. */
const givenFor = (route: OntraportRoute, of: OneOfEach, tried = ''): Given => {
  const values = valuesFor(route, of);
  return Object.fromEntries(
    Object.keys(route.parameters.shape)
      .filter((name) => isNeeded(route, name) && !INSTEAD_OF[name]?.includes(tried))
      .map((name) => [name, values[name]?.[0]]),
  );
};

/** Calls of a route with something in them that is one account's, and all else Ada's. */
function* callsWith(route: OntraportRoute, of: OneOfEach): Generator<Given> {
  for (const [name, values] of Object.entries(valuesFor(route, of)))
    if (name in route.parameters.shape && !NAMES_NOTHING.has(name) && !isGivenName(route, name))
      for (const value of values) yield { ...givenFor(route, adas, name), [name]: value };
}

/** Nothing was found, or nothing was done. */
const isNothing = ({ data }: { data: Given | unknown[] }): boolean =>
  Array.isArray(data)
    ? data.length === 0
    : data.count === '0' || data.count === 0 || JSON.stringify(data.success) === '{}';
/** An answer without what the caller said himself, which he may be told. */
const withoutEcho = ({ text }: ApiAnswer, given: Given): string =>
  Object.values(given).reduce<string>((rest, value) => rest.replaceAll(String(value), ''), text);

/** Routes that refuse whoever calls: there is nothing of the kind, or it is not done here. */
const isAlwaysRefused = ({ path, preset, tag }: OntraportRoute): boolean =>
  (tag === EMPTY_TAG && path.split('/').length === 2 && !path.endsWith('s')) ||
  /^\/transaction\/(rerun|resend|convert|order)/.test(path) ||
  (path.endsWith('getByEmail') && Number(preset.objectID ?? 0) !== 0);
/** Where there is nothing to be found whoever asks; of records only contacts are tagged here. */
const hasNone = ({ path, tag }: OntraportRoute): boolean =>
  tag === EMPTY_TAG || /^\/(?!objects|Contacts)\w+\/tag$/.test(path);

/** Makes again what a call may have used up of Ada's things. */
async function renew({ method, path, preset }: OntraportRoute): Promise<void> {
  if (method === 'get') return;
  const make = openMaker(api, api.ada, 'Plain Ada');
  const objectID = Number(preset.objectID ?? 0);
  if (/unsubscribe$/.test(path)) adas.subscription = await make.subscription(adas);
  if (path.startsWith('/task/')) adas.records[1] = await make.task(adas);
  if (path.startsWith('/transaction/')) {
    const { paid, unpaid } = await make.sale(adas);
    adas = { ...adas, unpaid, records: { ...adas.records, 46: paid } };
  }
  if (method !== 'delete') return;
  if (/^\/Rules?$/.test(path)) adas.rule = await make.rule(adas);
  if (/^\/(objects?|Contacts?)$/.test(path)) adas.records[0] = await make.contact();
  if (/^\/Tasks?$/.test(path)) adas.records[1] = await make.task(adas);
  if (/^\/(Deals?|Compan(y|ies)|Products?)$/.test(path)) adas.records[objectID] = await make.record(objectID);
  if (/^\/(objects?|Contacts?)(\/tag|\/tagByName|)$/.test(path)) await make.tag(adas);
}

const probed = ONTRAPORT_ROUTES.filter((route) => !isAlwaysRefused(route));

test('what is of another account is to every route what nobody has, and stays as it was', async () => {
  const before = await stateOf(api.system.db, api.bob.account._id);
  for (const route of probed) {
    const isOfType = 'objectID' in route.parameters.shape && !route.path.startsWith('/task/');
    const types = isOfType ? [{ ...givenFor(route, adas), objectID: bobsType }] : [];
    for (const given of [...callsWith(route, bobs), ...types]) {
      const answer = await call(api.ada, route, given);
      const of = [nameOf(route), given, answer.status];
      expect([...of, withoutEcho(answer, given)]).toEqual([...of, expect.not.stringMatching(/secret.bob/i)]);
      const isRefused = [400, 404, 422].includes(answer.status);
      expect([...of, isRefused || isNothing(answer.body), answer.text]).toEqual([...of, true, answer.text]);
    }
  }
  expect(await stateOf(api.system.db, api.bob.account._id)).toBe(before);
}, 60_000);

test('the same calls do what they say with what is one’s own', async () => {
  const callsOf = (route: OntraportRoute): Given[] => {
    // Other object types go the same ways as contacts.
    const all = [givenFor(route, adas), ...(route.preset.objectID ? [] : callsWith(route, adas))];
    return [...new Map(all.map((given) => [JSON.stringify(given), given])).values()];
  };
  for (const route of probed)
    for (let n = 0; n < callsOf(route).length; n++) {
      const given = callsOf(route)[n] as Given;
      const answer = await call(api.ada, route, given);
      expect([nameOf(route), given, answer.text]).toEqual([nameOf(route), given, expect.stringMatching(/^{"code":0,/)]);
      const isFinding = route.method === 'get' && !hasNone(route);
      if (isFinding) expect([nameOf(route), given, isNothing(answer.body)]).toEqual([nameOf(route), given, false]);
      await renew(route);
    }
}, 60_000);

test('a record that has the address of another account’s is a new one', async () => {
  const before = await stateOf(api.system.db, api.bob.account._id);
  const saved = { email: 'secret.bob@example.com', firstname: 'Ada' };
  const { data } = (await api.ada.call('POST', '/1/Contacts/saveorupdate', saved)).body;
  expect(data).toMatchObject({ ...saved, contact_cat: '' });
  expect(await stateOf(api.system.db, api.bob.account._id)).toBe(before);
});

test('every parameter of every route is tried, or is known to name nothing', () => {
  const unknown = probed.flatMap((route) =>
    Object.keys(route.parameters.shape)
      .filter((name) => !NAMES_NOTHING.has(name) && !valuesFor(route, bobs)[name])
      .map((name) => `${nameOf(route)} ${name}`),
  );
  expect(unknown).toEqual([]);
});

test('the page about this API names every endpoint', () => {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'ontraport-api.md'), 'utf8');
  const own = ONTRAPORT_ROUTES.filter(({ preset }) => Object.keys(preset).length === 0);
  expect(own.filter(({ path }) => !page.includes(`\`${path}\``)).map(nameOf)).toEqual([]);
});
