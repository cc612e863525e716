import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const mapping = [{ path: '$.customer.email', fieldId: 'email' }];

test('a source is made, read, listed and edited; its URL stays', async () => {
  const settings = { name: 'Shop', mapping };
  const { status, body: made } = await api.ada.call('POST', '/v1/inbounds', { settings });
  expect([status, made.settings]).toEqual([
    201,
    { ...settings, objectTypeId: 0, matchBy: 'email', addTagIds: [], signature: { kind: 'none' } },
  ]);
  const { secret, ...shown } = made;
  expect(secret).toBeNull();
  expect((await api.ada.call('GET', `/v1/inbounds/${made.id}`)).body).toEqual(shown);
  expect((await api.ada.call('GET', '/v1/inbounds')).body.items).toEqual([shown]);
  const edited = await api.ada.call('PUT', `/v1/inbounds/${made.id}`, { settings: { ...settings, name: 'Shop 2' } });
  expect(edited.body).toMatchObject({ url: made.url, settings: { name: 'Shop 2' } });
});

test('settings that cannot work are refused, each with its place', async () => {
  const problems = async (settings: object) =>
    problemOf(
      await api.ada.call('POST', '/v1/inbounds', { settings: { name: 'x', mapping, ...settings } }),
    ).problems.map(({ path }) => path);
  expect(await problems({ matchBy: 'lastname' })).toEqual(['settings.matchBy']);
  expect(await problems({ mapping: [{ path: '$.a..b', fieldId: 'email' }] })).toEqual(['settings.mapping.0.path']);
  expect(await problems({ addTagIds: ['tag_00000000000000000000000000'] })).toEqual(['settings.addTagIds.0']);
  expect(await problems({ signature: { kind: 'hmac-sha256', header: 'no name' } })).toEqual([
    'settings.signature.header',
  ]);
  expect(await problems({ speed: 1 })).toEqual(['settings.speed']);
});
