import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MESSAGES } from '../../store/messages';
import { nextNumber } from '../../store/numbers';
import { RECORDS } from '../../store/records';
import { RULES } from '../../store/rules';
import { SUBSCRIPTIONS } from '../../store/subscriptions';
import { TAGS } from '../../store/tags';
import { formOf } from '../../tests/servers/form-of';
import { type ApiCaller, openTestApi, type TestApi } from '../../tests/servers/open-test-api';
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
  for (const kind of ['tags', 'maps', 'rules', 'subscriptions', 'forms', 'messages'] as const)
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
  await bob.call('POST', '/v1/forms', { settings: { name: 'Secret Bob form', fields: [{ fieldId: 'email' }] } });
  await data('POST', '/message', { name: 'Secret Bob message', subject: 'Secret Bob', plaintext: 'Secret Bob' });
  await data('POST', '/Webhook/subscribe', { url: 'https://secret-bob.example.com', event: `sub_tag(${tag.id})` });
  for (const [path, of] of Object.entries({
    Rules: '/Rules',
    Maps: '/CampaignBuilderItems',
    Tags: '/Tags',
    Forms: '/Forms',
    Messages: '/Messages',
    Webhooks: '/Webhooks',
  })) {
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
  const all = [RECORDS, TAGS, RULES, SUBSCRIPTIONS, MESSAGES].map((from) =>
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
          expect.not.stringMatching(/secret.bob|bob@.*"id"/i),
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
