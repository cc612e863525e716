import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { transaction } from '../../store/database';
import { openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';
import { readEventString } from './event-string';

let api: TestApi;
let tag: { id: string };
beforeAll(async () => {
  api = await openTestApi();
  tag = (await api.ada.call('POST', '/v1/tags', { name: 'VIP' })).body;
});
afterAll(() => api.close());

const url = 'https://example.com/hook';
const tagAdded = () => ({ event: { type: 'tag.added', tagId: tag.id }, url });
const subscribe = (settings: object, as = api.ada) => as.call('POST', '/v1/subscriptions', { settings });
const problemsOf = async (settings: object, as = api.ada): Promise<string[]> => {
  const answer = await subscribe(settings, as);
  expect(answer.status).toBe(400);
  return problemOf(answer).problems.map(({ path, message }) => `${path}: ${message}`);
};

test('a subscription is made with its event string and a signing secret that is shown once', async () => {
  const { status, body } = await subscribe(tagAdded());
  expect(status).toBe(201);
  const { signingSecret, ...shown } = body;
  expect(signingSecret).toMatch(/^whsec_/);
  expect(shown).toMatchObject({
    id: expect.stringMatching(/^sub_/),
    number: expect.any(Number),
    eventString: 'sub_tag(1)',
    settings: { ...tagAdded(), objectTypeId: null, format: 'default', encoding: 'json', requestsPerMinute: 180 },
    status: 'active',
    lastHookAt: null,
    lastCode: null,
    lastPayload: null,
  });
  expect((await api.ada.call('GET', `/v1/subscriptions/${body.id}`)).body).toEqual(shown);
  expect((await api.ada.call('GET', '/v1/subscriptions')).body.items).toEqual([shown]);
  expect((await api.bob.call('GET', '/v1/subscriptions')).body.items).toEqual([]);
});

test('settings are replaced as a whole, and its webhook follows', async () => {
  const { body } = await subscribe(tagAdded());
  const settings = { event: { type: 'tag.removed' }, url: 'https://example.com/other', requestsPerMinute: 7 };
  const changed = await api.ada.call('PUT', `/v1/subscriptions/${body.id}`, { settings });
  expect(changed.body).toMatchObject({ eventString: 'unsub_tag(0)', settings, webhookId: body.webhookId });
  const webhook = (await api.ada.call('GET', `/v1/webhooks/${body.webhookId}`)).body;
  expect(webhook.settings).toMatchObject({ name: 'unsub_tag(0)', url: settings.url, requestsPerMinute: 7 });
});

test('a deleted subscription is gone with its webhook', async () => {
  const { body } = await subscribe(tagAdded());
  const path = `/v1/subscriptions/${body.id}`;
  expect((await api.ada.call('DELETE', path)).body).toEqual({ id: body.id, isDeleted: true });
  for (const method of ['GET', 'DELETE']) {
    const answer = await api.ada.call(method, path);
    expect([answer.status, answer.body.code]).toEqual([404, 'subscription.not-found']);
  }
  expect((await api.ada.call('PUT', path, { settings: tagAdded() })).status).toBe(404);
  expect((await api.ada.call('GET', `/v1/webhooks/${body.webhookId}`)).status).toBe(404);
  const { items } = (await api.ada.call('GET', '/v1/subscriptions?limit=200')).body;
  expect(items.map(({ id }: { id: string }) => id)).not.toContain(body.id);
});

test('its webhook is paused and resumed as any, but edited, deleted and named by the subscription alone', async () => {
  const { body } = await subscribe(tagAdded());
  const path = `/v1/webhooks/${body.webhookId}`;
  const { settings } = (await api.ada.call('GET', path)).body;
  const { body: record } = await api.ada.call('POST', '/v1/records', {});
  for (const [method, at, given] of [
    ['PUT', path, { settings }],
    ['DELETE', path],
    ['POST', `${path}/test`, { recordId: record.id }],
  ] as const) {
    const answer = await api.ada.call(method, at, given);
    expect([answer.status, answer.body.code]).toEqual([409, 'webhook.owned']);
    expect(answer.body.detail).toContain(body.id);
  }
  const webhooks = (await api.ada.call('GET', '/v1/webhooks?limit=200')).body.items;
  expect(webhooks.map(({ id }: { id: string }) => id)).not.toContain(body.webhookId);

  await api.ada.call('POST', `${path}/pause`, { reason: 'They move.' });
  const shown = async () => (await api.ada.call('GET', `/v1/subscriptions/${body.id}`)).body;
  expect(await shown()).toMatchObject({ status: 'paused', statusReason: 'They move.' });
  await api.ada.call('POST', `${path}/resume`, {});
  expect(await shown()).toMatchObject({ status: 'active' });
});

test('all mistakes of a subscription are told at once, each by its path', async () => {
  const condition = { kind: 'field', fieldId: 'shoe_size', op: 'filled' };
  const gone = 'tag_00000000000000000000000000';
  expect(
    await problemsOf({ event: { type: 'tag.added', tagId: gone }, objectTypeId: 0, condition, url: 'ftp://x' }),
  ).toEqual([
    expect.stringMatching(/^settings\.url: The URL must start with https/),
    expect.stringMatching(/^settings\.event\.tagId: This tag does not exist/),
    expect.stringMatching(/^settings\.condition\.fieldId: Contacts have no field "shoe_size"/),
  ]);
  expect(await problemsOf({ ...tagAdded(), format: 'heavy', url: undefined })).toEqual([
    expect.stringMatching(/^settings\.url: must be given/),
    expect.stringMatching(/^settings\.format: must be one of/),
  ]);
  expect((await subscribe({ ...tagAdded(), objectTypeId: 999 })).body.code).toBe('object-type.not-found');
});

test('forbidden addresses and what belongs to another account are refused', async () => {
  expect(await problemsOf({ ...tagAdded(), url: 'https://10.0.0.1/' })).toEqual([
    expect.stringMatching(/^settings\.url: This address is not allowed/),
  ]);
  expect(await problemsOf(tagAdded(), api.bob)).toEqual([expect.stringMatching(/^settings\.event\.tagId: /)]);
  for (const event of [
    { type: 'form.submitted', formId: 'frm_00000000000000000000000000' },
    { type: 'inbound.received', inboundId: 'inb_00000000000000000000000000' },
  ])
    expect(await problemsOf({ event, url })).toEqual([expect.stringMatching(/^settings\.event\..*Id: /)]);
});

test('an event string is read by the decimal ids of the account', async () => {
  const accountId = api.ada.account._id;
  const read = (text: string) =>
    transaction(api.system.db, (session) => readEventString(api.system.db, session, { accountId, text }));
  expect(await read('sub_tag(1)')).toMatchObject({ event: { type: 'tag.added', tagId: tag.id }, objectTypeId: null });
  expect(await read('object_create(0)')).toMatchObject({ event: { type: 'record.created' }, objectTypeId: 0 });
  for (const text of ['sub_tag(99)', 'object_submits_form(17)', 'tag(1)'])
    await expect(read(text)).rejects.toMatchObject({ code: 'request.invalid' });
});
