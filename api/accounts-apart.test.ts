import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeAllKinds } from '../tests/servers/all-kinds';
import { openTestApi, type TestApi } from '../tests/servers/open-test-api';
import { ROUTES } from './routes';

let api: TestApi;
/** Ids of Bob's things, by the names that parameters and bodies have for them */
let ids: Record<string, string>;
beforeAll(async () => {
  api = await openTestApi();
  const kinds = await makeAllKinds(api, api.bob, 'Secret');
  const type = await api.bob.call('POST', '/v1/object-types', { name: 'Secret type', plural: 'Secret types' });
  ids = { ...kinds, objectTypeId: String(type.body.objectTypeId) };
});
afterAll(() => api.close());

const addressed = ROUTES.filter(({ path }) => path.includes(':'));
const pathOf = (path: string): string => path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? `no id for ${name}`);

/** Bodies of routes without an example, since they name a record; by the last part of their path. */
const bodiesOf = (recordId: string | undefined): Record<string, unknown> => ({
  test: { recordId },
  merge: { otherId: recordId },
  payments: { recordId, outcome: 'success' },
});

test('Bob reaches what is his', async () => {
  for (const route of addressed.filter(({ method }) => method === 'get')) {
    const answer = await api.bob.call('GET', pathOf(route.path));
    expect([route.path, answer.status]).toEqual([route.path, 200]);
  }
});

test.each(addressed.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s does not know the ids of another account',
  async (_, route) => {
    const { recordId } = ids;
    const body = route.body
      ? (route.example ?? bodiesOf(recordId)[route.path.split('/').at(-1) ?? ''] ?? {})
      : undefined;
    const answer = await api.ada.call(route.method.toUpperCase(), pathOf(route.path), body);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toMatch(/secret/i);
  },
);

test('lists show nothing of another account, also when they are narrowed to its ids', async () => {
  const lists = ROUTES.filter(
    (route) =>
      route.method === 'get' && !route.path.includes(':') && route.scope === 'key' && !route.streamed?.isEndless,
  ).filter(({ path }) => path !== '/v1/openapi');
  const queries = [
    '',
    ...Object.entries(ids).map(([name, id]) => `?${name}=${id}`),
    '?tag=Secret%20tag',
    '?email=secret@example.com',
  ];
  for (const { path } of lists) {
    for (const query of queries) {
      const answer = await api.ada.call('GET', `${path}${query}`);
      expect([200, 400]).toContain(answer.status);
      expect(answer.text).not.toMatch(/secret/i);
    }
  }
});

test('the OpenAPI document of an account names nothing of another account', async () => {
  const { text } = await api.ada.call('GET', '/v1/openapi');
  expect(text).not.toMatch(/secret (type|tag|map)|secret@/i);
  for (const id of Object.values(ids).filter((id) => id.length > 10)) expect(text).not.toContain(id);
  expect((await api.bob.call('GET', '/v1/openapi')).text).toContain(ids.otherId);
});

test('a key of one account with the app id of the other is refused', async () => {
  const mixed = { headers: { 'api-appid': api.bob.account.appId } };
  expect((await api.ada.call('GET', '/v1/records', undefined, mixed)).status).toBe(401);
});
