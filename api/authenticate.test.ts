import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestApi, problemOf, type TestApi } from '../tests/servers/open-test-api';
import { ROUTES } from './routes';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const withKeys = (headers: Record<string, string>) => fetch(`${api.url}/v1/records`, { headers });

test('key and app id together let a caller in', async () => {
  const { apiKey, account } = api.ada;
  expect((await withKeys({ 'Api-Key': apiKey, 'Api-Appid': account.appId })).status).toBe(200);
});

test('one of them alone, a wrong one or an empty one is refused', async () => {
  const { apiKey, account } = api.ada;
  const refused: Record<string, string>[] = [
    {},
    { 'Api-Key': apiKey },
    { 'Api-Appid': account.appId },
    { 'Api-Key': apiKey, 'Api-Appid': '' },
    { 'Api-Key': apiKey, 'Api-Appid': `${account.appId}x` },
    { 'Api-Key': `${apiKey}x`, 'Api-Appid': account.appId },
    { 'Api-Key': 'x', 'Api-Appid': account.appId },
  ];
  for (const headers of refused) {
    const answer = await withKeys(headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(((await answer.json()) as { code: string }).code).toBe('key.invalid');
  }
});

test('every address with scope "key" asks for one, before it looks at anything else', async () => {
  for (const { method, path } of ROUTES.filter(({ scope }) => scope === 'key')) {
    const answer = await fetch(`${api.url}${path}`, { method: method.toUpperCase() });
    expect([path, answer.status]).toEqual([path, 401]);
    await answer.arrayBuffer();
  }
});

test('a deleted key is refused at once, and cannot delete itself', async () => {
  const { body: made } = await api.ada.call('POST', '/v1/keys', { name: 'shop' });
  const headers = { 'api-key': made.apiKey, 'api-appid': made.appId };
  expect((await withKeys(headers)).status).toBe(200);
  const itself = await api.ada.call('DELETE', `/v1/keys/${made.id}`, undefined, { headers });
  expect([itself.status, problemOf(itself).code]).toEqual([409, 'key.in-use']);
  expect((await api.ada.call('DELETE', `/v1/keys/${made.id}`)).status).toBe(200);
  expect((await withKeys(headers)).status).toBe(401);
  expect((await api.ada.call('DELETE', `/v1/keys/${made.id}`)).status).toBe(404);
});

test('a key that was looked up while it was deleted does not stay known', async () => {
  for (let round = 0; round < 20; round++) {
    const { body: made } = await api.ada.call('POST', '/v1/keys', { name: 'shop' });
    const headers = { 'api-key': made.apiKey, 'api-appid': made.appId };
    await Promise.all([withKeys(headers), api.ada.call('DELETE', `/v1/keys/${made.id}`), withKeys(headers)]);
    expect((await withKeys(headers)).status).toBe(401);
  }
});

test('keys are listed without what they are', async () => {
  const { body: made } = await api.ada.call('POST', '/v1/keys', { name: 'listed' });
  const list = await api.ada.call('GET', '/v1/keys');
  expect(list.body.items[0]).toEqual({
    id: made.id,
    name: 'listed',
    hint: made.apiKey.slice(-4),
    createdAt: made.createdAt,
  });
  expect(list.text).not.toContain(made.apiKey);
});
