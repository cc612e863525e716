import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../../lib/ids';
import type { WebhookId } from '../../schemas/ids';
import { getListenersRevision } from '../../store/counters';
import { makeWebhook } from '../../tests/servers/make';
import { openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
let webhookId: WebhookId;
beforeAll(async () => {
  api = await openTestApi();
  webhookId = await makeWebhook(api.system, { url: 'https://example.com' });
});
afterAll(() => api.close());

const settings = (given: object = {}) => ({
  name: 'Tell the CRM',
  events: [{ type: 'record.created' }],
  actions: [{ kind: 'send-webhook', webhookId }],
  ...given,
});
const post = (given: object = {}) => api.ada.call('POST', '/v1/rules', { settings: settings(given) });
const revision = () => getListenersRevision(api.system.db);

test('a rule is created, listed, edited, paused, resumed and deleted; pumps are told of each change', async () => {
  const before = await revision();
  const { status, body: rule } = await post();
  expect([status, rule.isPaused, rule.formId, rule.lastFiredAt]).toEqual([201, false, null, null]);
  expect(rule.settings).toEqual({ ...settings(), objectTypeId: 0 });
  const path = `/v1/rules/${rule.id}`;
  expect((await api.ada.call('GET', path)).body).toEqual(rule);
  expect((await api.ada.call('GET', '/v1/rules?objectTypeId=0')).body.items).toEqual([rule]);
  expect((await api.ada.call('GET', '/v1/rules?objectTypeId=149')).body.items).toEqual([]);

  const edited = await api.ada.call('PUT', path, { settings: settings({ name: 'Renamed' }) });
  expect([edited.status, edited.body.settings.name, edited.body.number]).toEqual([200, 'Renamed', rule.number]);
  for (const [command, isPaused] of [
    ['pause', true],
    ['pause', true],
    ['resume', false],
  ] as const)
    expect((await api.ada.call('POST', `${path}/${command}`)).body.isPaused).toBe(isPaused);

  expect((await api.ada.call('DELETE', `/v1/webhooks/${webhookId}`)).body.code).toBe('webhook.in-use');
  expect((await api.ada.call('DELETE', path)).body).toEqual({ id: rule.id, isDeleted: true });
  expect(await revision()).toBe(before + 5);
  for (const [method, to] of [
    ['GET', path],
    ['DELETE', path],
    ['GET', `${path}/evaluations`],
  ] as const)
    expect((await api.ada.call(method, to)).body.code).toBe('rule.not-found');
  expect((await api.ada.call('GET', '/v1/rules')).body.items).toEqual([]);
});

test('a rule that names what is not there is refused with all its problems, and nothing is saved', async () => {
  const answer = await post({
    events: [{ type: 'tag.added', tagId: newId('tag') }],
    condition: { kind: 'map', op: 'on', mapId: newId('map') },
    actions: [
      { kind: 'send-webhook', webhookId: newId('webhook') },
      { kind: 'change-field', fieldId: 'x', value: 1 },
    ],
  });
  expect(answer.status).toBe(400);
  expect(problemOf(answer).problems?.map(({ path }) => path)).toEqual([
    'settings.events.0.tagId',
    'settings.condition.mapId',
    'settings.actions.0.webhookId',
    'settings.actions.1.fieldId',
  ]);
  expect((await post({ objectTypeId: 149 })).body.problems[0].message).toMatch(/another object type/);
  const bought = { kind: 'purchases', measure: 'count', op: 'at-least', value: 1 };
  const task = { kind: 'assign-task', subject: 'Call' };
  const ofDeal = await post({ objectTypeId: 149, condition: bought, actions: [task] });
  expect([ofDeal.status, problemOf(ofDeal).problems.map(({ path }) => path)]).toEqual([400, ['settings.condition']]);
  expect((await post({ objectTypeId: 99_999 })).status).toBe(404);
  expect((await post({ events: [] })).status).toBe(400);
  expect((await post({ surprise: 1 })).status).toBe(400);
  expect((await api.ada.call('GET', '/v1/rules')).body.items).toEqual([]);
});

test('a webhook that only a deleted rule named can be deleted', async () => {
  const other = await makeWebhook(api.system, { url: 'https://example.com' });
  const { body } = await post({ actions: [{ kind: 'send-webhook', webhookId: other }] });
  await api.ada.call('DELETE', `/v1/rules/${body.id}`);
  expect((await api.ada.call('DELETE', `/v1/webhooks/${other}`)).status).toBe(200);
});

test('the features are switched one by one, and are off at first', async () => {
  const patch = (features: object) => api.bob.call('PATCH', '/v1/account', { settings: { features } });
  expect((await api.bob.call('GET', '/v1/account')).body.settings.features).toEqual({
    globalRules: false,
    formRules: false,
  });
  await patch({ globalRules: true });
  expect((await patch({ formRules: true })).body.settings.features).toEqual({ globalRules: true, formRules: true });
  expect((await patch({ globalRules: 'yes' })).status).toBe(400);
  expect((await api.bob.call('GET', '/v1/account')).body.settings.retention).toEqual({ bodyDays: 30, rowDays: 90 });
});
