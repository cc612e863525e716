import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const settings = { name: 'CRM', url: 'https://example.com/crm?m=[Email]', body: '{"name":"[First Name]"}' };
const make = async () => (await api.ada.call('POST', '/v1/webhooks', { settings })).body;

test('a webhook is stored with its defaults and what it will be sent as', async () => {
  const made = await api.ada.call('POST', '/v1/webhooks', { settings });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    revision: 1,
    contentType: 'application/json',
    settings: { ...settings, method: 'POST', requestsPerMinute: 180, maxAttempts: 10, timeoutSeconds: 10 },
  });
  const { signingSecret: _shownOnce, ...shown } = made.body;
  expect((await api.ada.call('GET', `/v1/webhooks/${made.body.id}`)).body).toEqual(shown);
  expect((await api.ada.call('GET', '/v1/webhooks?limit=1')).body.items).toEqual([shown]);
});

test('an edit replaces the settings and counts', async () => {
  const { id } = await make();
  const edit = { settings: { name: 'CRM', url: 'https://example.com/2', body: 'Name=[First Name]' } };
  const edited = await api.ada.call('PUT', `/v1/webhooks/${id}`, edit);
  expect(edited.body).toMatchObject({ revision: 2, contentType: 'application/x-www-form-urlencoded' });
  const bad = await api.ada.call('PUT', `/v1/webhooks/${id}`, { settings: { ...settings, url: 'https://[Email]/' } });
  expect(problemOf(bad).problems[0]?.path).toBe('settings.url');
  expect((await api.ada.call('GET', `/v1/webhooks/${id}`)).body.revision).toBe(2);
});

test('what cannot be sent is refused when it is saved', async () => {
  const problems = async (more: object, caller = api.ada) =>
    problemOf(await caller.call('POST', '/v1/webhooks', { settings: { ...settings, ...more } })).problems;
  expect((await problems({ url: 'not a url' }))[0]?.path).toBe('settings.url');
  expect((await problems({ body: '[Frist Name]' }))[0]?.message).toContain('did you mean [First Name]?');
  expect((await problems({ objectTypeId: 4711 }))[0]?.path).toBe('settings.objectTypeId');
  expect((await problems({ headers: [{ name: 'Host', value: 'x' }] }))[0]?.path).toBe('settings.headers.0.name');
  expect((await problems({ url: 'http://example.com/' }, api.bob))[0]?.message).toContain('https://');
});

test('a webhook on a map cannot be deleted; another can', async () => {
  const { id } = await make();
  const free = await make();
  const draft = { elements: [{ id: 'send', kind: 'webhook', settings: { webhookId: id } }] };
  const { body: drawn } = await api.ada.call('POST', '/v1/maps', { name: 'x', draft });
  const refused = await api.ada.call('DELETE', `/v1/webhooks/${id}`);
  expect([refused.status, problemOf(refused).code]).toEqual([409, 'webhook.in-use']);
  expect((await api.ada.call('DELETE', `/v1/webhooks/${free.id}`)).status).toBe(200);
  expect((await api.ada.call('GET', `/v1/webhooks/${free.id}`)).status).toBe(404);
  await api.ada.call('PUT', `/v1/maps/${drawn.id}/draft`, { draft: {} });
  expect((await api.ada.call('DELETE', `/v1/webhooks/${id}`)).status).toBe(200);
});

test('a map that is published while its webhook is deleted: one of the two is refused', async () => {
  for (let round = 0; round < 8; round++) {
    const { body: webhook } = await api.ada.call('POST', '/v1/webhooks', {
      settings: { name: 'Race', url: 'https://example.com/' },
    });
    const draft = {
      elements: [
        { id: 'a', kind: 'trigger', settings: { events: [{ type: 'record.created' }] } },
        { id: 'b', kind: 'webhook', settings: { webhookId: webhook.id } },
        { id: 'c', kind: 'end' },
      ],
      edges: [
        { from: 'a', port: 'next', to: 'b' },
        { from: 'b', port: 'next', to: 'c' },
      ],
    };
    const { body: made } = await api.ada.call('POST', '/v1/maps', {
      name: `Race ${round}`,
      draft: { elements: [], edges: [] },
    });
    const [published, deleted] = await Promise.all([
      api.ada
        .call('PUT', `/v1/maps/${made.id}/draft`, { draft })
        .then(() => api.ada.call('POST', `/v1/maps/${made.id}/publish`, {})),
      api.ada.call('DELETE', `/v1/webhooks/${webhook.id}`),
    ]);
    expect([published.status, deleted.status].filter((status) => status < 300)).not.toHaveLength(2);
  }
});
