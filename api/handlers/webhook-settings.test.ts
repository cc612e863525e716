import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const save = (more: object) =>
  api.ada.call('POST', '/v1/webhooks', { settings: { name: 'n', url: 'https://example.com/', ...more } });
const problems = async (more: object) => problemOf(await save(more)).problems;

test('a webhook retries as "auto" and maps nothing unless told otherwise', async () => {
  expect((await save({})).body.settings).toMatchObject({ retryPolicy: { kind: 'auto' }, responseMapping: [] });
});

test('retry policy and response mapping are stored and shown as given', async () => {
  const more = {
    retryPolicy: { kind: 'custom', statuses: '5xx,429,!501,timeout' },
    responseMapping: [
      { path: '$.data.id', target: { kind: 'variable', name: 'order_id' }, type: 'text' },
      { path: "$['spent so far']", target: { kind: 'field', fieldId: 'spent' }, default: 0 },
    ],
  };
  const made = await save(more);
  expect(made.status).toBe(201);
  expect((await api.ada.call('GET', `/v1/webhooks/${made.body.id}`)).body.settings).toMatchObject(more);
});

test('a retry policy that cannot be understood is refused, and the sentence names the wrong part', async () => {
  expect(await problems({ retryPolicy: { kind: 'custom', statuses: '5xx,soon' } })).toEqual([
    { path: 'settings.retryPolicy.statuses', message: expect.stringMatching(/"soon", which is not understood; use/) },
  ]);
  expect(await problems({ retryPolicy: { kind: 'custom' } })).toEqual([
    { path: 'settings.retryPolicy.statuses', message: 'must be given' },
  ]);
  expect(await problems({ retryPolicy: { kind: 'often' } })).toEqual([
    { path: 'settings.retryPolicy.kind', message: 'must be one of auto, all, custom' },
  ]);
});

test('a response mapping is refused at the row and the part that is wrong', async () => {
  const row = (path: string, target: object, more = {}) => ({ path, target, ...more });
  const responseMapping = [
    row('$.a', { kind: 'variable', name: 'a' }),
    row('$.items[*]', { kind: 'field', fieldId: 'frist_name' }),
    row('$.b', { kind: 'field', fieldId: 'spent' }, { type: 'json' }),
  ];
  expect((await problems({ responseMapping })).map(({ path }) => path)).toEqual([
    'settings.responseMapping.1.path',
    'settings.responseMapping.1.target.fieldId',
    'settings.responseMapping.2.type',
  ]);
  const badName = [row('$.a', { kind: 'variable', name: 'Order ID' })];
  expect(await problems({ responseMapping: badName })).toEqual([
    { path: 'settings.responseMapping.0.target.name', message: expect.stringMatching(/a-z, 0-9 and _/) },
  ]);
  const many = Array.from({ length: 21 }, (_, index) => row('$.a', { kind: 'variable', name: `a${index}` }));
  expect(await problems({ responseMapping: many })).toEqual([
    { path: 'settings.responseMapping', message: 'must be at most 20 items' },
  ]);
});

test('a map file brings both along, and is refused for the same mistakes', async () => {
  const { body: webhook } = await save({ retryPolicy: { kind: 'all' } });
  const draft = { elements: [{ id: 'send', kind: 'webhook', settings: { webhookId: webhook.id } }] };
  const { body: made } = await api.ada.call('POST', '/v1/maps', { name: 'm', draft });
  const { body: file } = await api.ada.call('GET', `/v1/maps/${made.id}/export`);
  expect(file.requires.webhooks[0].retryPolicy).toEqual({ kind: 'all' });
  file.requires.webhooks[0].responseMapping = [{ path: 'a', target: { kind: 'variable', name: 'a' } }];
  const refused = await api.ada.call('POST', '/v1/maps/import', file);
  expect(problemOf(refused).problems[0]?.path).toBe('requires.webhooks.0.responseMapping.0.path');
});
