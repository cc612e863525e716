import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ADDRESS_REFUSED } from '../../domain/check-url';
import { DISGUISED, FORBIDDEN, inUrl } from '../../tests/servers/forbidden-addresses';
import { openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ allow: [] });
});
afterAll(() => api.close());

/** One address of each kind, and every host in disguise. */
const HOSTS = [
  ...Object.entries(FORBIDDEN).map(([kind, [address = '']]) => [kind, inUrl(address)] as const),
  ...DISGUISED,
];
const settings = (url: string) => ({ name: 'CRM', url, body: '{"name":"[First Name]"}' });
const mapFile = (url: string) => ({
  schemaVersion: 1,
  name: 'x',
  requires: { webhooks: [settings(url)] },
  drawing: {},
});

test.each(HOSTS)('is refused when it is saved and when it is edited: %s, %s', async (_kind, host) => {
  const { body } = await api.ada.call('POST', '/v1/webhooks', { settings: settings('https://example.com/') });
  const { signingSecret: _, ...saved } = body;
  const url = `https://${host}/hook?email=[Email]`;
  const made = await api.ada.call('POST', '/v1/webhooks', { settings: settings(url) });
  const edited = await api.ada.call('PUT', `/v1/webhooks/${saved.id}`, { settings: settings(url) });
  const message = URL.canParse(`https://${host}/`) ? ADDRESS_REFUSED : expect.stringContaining('not a URL');
  for (const answer of [made, edited]) {
    expect(answer.status).toBe(400);
    expect(problemOf(answer).problems).toEqual([{ path: 'settings.url', message }]);
  }
  expect((await api.ada.call('GET', `/v1/webhooks/${saved.id}`)).body).toEqual(saved);
});

test('is refused in an imported map, which then brings nothing', async () => {
  const before = (await api.ada.call('GET', '/v1/webhooks?limit=100')).body.items.length;
  const refused = await api.ada.call('POST', '/v1/maps/import', mapFile('http://169.254.169.254/latest'));
  expect(problemOf(refused).problems).toEqual([{ path: 'requires.webhooks.0.url', message: ADDRESS_REFUSED }]);
  expect((await api.ada.call('GET', '/v1/webhooks?limit=100')).body.items).toHaveLength(before);
});

test('a name that has to be looked up is saved, wherever it leads', async () => {
  const made = await api.ada.call('POST', '/v1/webhooks', { settings: settings('https://127.0.0.1.nip.io/') });
  expect(made.status).toBe(201);
});

test('an installation that allows loopback takes it, by address and by name, and nothing else', async () => {
  const open = await openTestApi({ allow: ['127.0.0.0/8'] });
  try {
    const save = async (url: string) =>
      (await open.ada.call('POST', '/v1/webhooks', { settings: settings(url) })).status;
    expect(await save('http://127.0.0.1:8080/inbox/x')).toBe(201);
    expect(await save('http://localhost:8080/inbox/x')).toBe(201);
    expect(await save('http://10.0.0.1:8080/')).toBe(400);
  } finally {
    await open.close();
  }
});
