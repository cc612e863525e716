import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type OntraportCaller, ontraportCaller } from '../../tests/servers/ontraport-caller';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';
import { buildApp } from '../build-app';

let api: TestApi;
let dataOf: OntraportCaller['dataOf'];
let refusalOf: OntraportCaller['refusalOf'];
beforeAll(async () => {
  api = await openTestApi();
  ({ dataOf, refusalOf } = ontraportCaller(api.ada));
});
afterAll(() => api.close());

test('.NET client: rules are created, changed, paused and deleted by their strings', async () => {
  await dataOf('POST', '/Tags', 'tag_name=First');
  const tag = await dataOf('POST', '/Tags', 'tag_name=Ruled');
  expect(tag.tag_id).not.toBe('1');
  const made = await dataOf('POST', '/Rules', {
    name: 'Tell the CRM',
    object_type_id: 0,
    events: `Contact_added_to_category(${tag.tag_id});field_is_updated(email)`,
    conditions: `Is_not_in_category(${tag.tag_id})|field_is_condition_fieldvalue(state,Equal To,CA)`,
    actions: `Remove_contact_from_category(${tag.tag_id})`,
  });
  expect(made).toMatchObject({
    events: `Contact_added_to_category(${tag.tag_id});field_is_updated(email)`,
    conditions: `Is_not_in_category(${tag.tag_id})|field_is_condition_fieldvalue(state,Equal To,CA)`,
    actions: `Remove_contact_from_category(${tag.tag_id})`,
    pause: '0',
    last_action: '0',
  });
  const changed = await dataOf('PUT', '/Rules', `id=${made.id}&name=Other&conditions=`);
  expect(changed).toEqual({ attrs: { name: 'Other', conditions: '', dlm: expect.any(String), id: made.id } });
  await dataOf('POST', '/objects/pause', `objectID=6&ids=${made.id}`);
  expect((await dataOf('GET', `/Rule?id=${made.id}`)).pause).toBe('1');
  await dataOf('POST', '/objects/unpause', `objectID=6&ids=${made.id}`);
  expect(await dataOf('GET', '/Rules?listFields=name,pause')).toEqual([{ name: 'Other', pause: '0' }]);
  const strange = await refusalOf('POST', '/Rules', {
    object_type_id: 0,
    events: 'No_such(1)',
    actions: 'Ping_APIURL(99)',
  });
  expect(strange).toEqual([422, expect.stringMatching(/No_such\(1\).*Ping_APIURL\(99\)/)]);
  expect(await dataOf('DELETE', `/Rule?id=${made.id}`)).toEqual({ id: made.id });
  expect(await refusalOf('GET', `/Rule?id=${made.id}`)).toEqual([404, expect.any(String)]);
});

test('PHP SDK: records are put on a map and taken off it, and maps are listed', async () => {
  const draft = {
    elements: [
      { id: 'a', kind: 'trigger', settings: { events: [{ type: 'manual' }] } },
      { id: 'b', kind: 'end' },
    ],
    edges: [{ from: 'a', port: 'next', to: 'b' }],
  };
  const { body: map } = await api.ada.call('POST', '/v1/maps', { name: 'Welcome', draft });
  const [shown] = await dataOf('GET', '/CampaignBuilderItems?listFields=id,name,pause');
  expect(shown).toEqual({ id: expect.stringMatching(/^\d+$/), name: 'Welcome', pause: '1' });
  expect((await api.ada.call('POST', `/v1/maps/${map.id}/publish`, {})).status).toBe(200);
  expect(await dataOf('GET', `/CampaignBuilderItem?id=${shown.id}`)).toMatchObject({
    pause: '0',
    campaign: { nodes: [{ type: 'trigger' }, { type: 'end' }], edges: [{ source: expect.any(String) }] },
  });
  const contact = await dataOf('POST', '/Contacts', 'firstname=Mapped');
  const body = `objectID=0&ids=${contact.id}&add_list=${shown.id}&sub_type=Campaign`;
  expect(await dataOf('PUT', '/objects/subscribe', body)).toEqual({ added: '1', refused: '0' });
  expect(await dataOf('PUT', '/objects/subscribe', body)).toEqual({ added: '0', refused: '1' });
  expect(await dataOf('DELETE', `/objects/subscribe?objectID=0&ids=${contact.id}&remove_list=${shown.id}`)).toEqual({
    removed: '1',
  });
  const { body: events } = await api.ada.call('GET', `/v1/events?recordId=${contact.unique_id}`);
  const types = events.items.map((one: { fact: { type: string } }) => one.fact.type);
  expect(types).toEqual(['exit.requested', 'entry.requested', 'record.created']);
});

test('the field editor adds fields, changes their options, and keeps what is named elsewhere', async () => {
  const fields = [
    [{ alias: 'Favorite Color', type: 'list', required: 0, unique: 0, options: ['Red', 'Blue'] }],
    [{ alias: 'Email', type: 'text' }],
  ];
  const made = await dataOf('POST', '/objects/fieldeditor', { objectID: 0, name: 'Contact Information', fields });
  expect(made).toEqual({ success: { f1500: 'Favorite Color' }, error: [expect.stringMatching(/^Email: /)] });
  const contact = await dataOf('POST', '/Contacts', { f1500: '*/*1*/*2*/*' });
  expect(contact.f1500).toBe('*/*1*/*2*/*');
  const condition = encodeURIComponent('[{"field":{"field":"f1500"},"op":"CONTAINS","value":{"value":"2"}}]');
  expect(await dataOf('GET', `/Contacts?condition=${condition}&listFields=id`)).toEqual([{ id: contact.id }]);
  const form =
    'objectID=0&fields[0][0][field]=f1500&fields[0][0][alias]=Favorite+Color&fields[0][0][options][add][]=Green';
  expect(await dataOf('PUT', '/objects/fieldeditor', form)).toEqual({
    success: { f1500: 'Favorite Color' },
    error: [],
  });
  const [section] = await dataOf('GET', '/Contacts/fieldeditor');
  expect(section.fields[0].at(-1)).toMatchObject({ field: 'f1500', type: 'list', options: ['Red', 'Blue', 'Green'] });
  await api.ada.call('POST', '/v1/webhooks', {
    settings: { name: 'W', url: 'https://example.com', body: '{"c":"[Favorite Color]"}' },
  });
  const kept = await dataOf('DELETE', '/objects/fieldeditor?objectID=0&field=f1500');
  expect(kept).toEqual({ success: {}, error: [expect.stringMatching(/named by a webhook \(whk_/)] });
});

test('Pipedream: a URL is subscribed to an event and taken off again, with the id in the query or in the body', async () => {
  const tag = await dataOf('POST', '/Tags', 'tag_name=Subscribed');
  const body = { url: 'https://example.com/hook', event: `sub_tag(${tag.tag_id})`, data: '{"format":"lightweight"}' };
  const made = await dataOf('POST', '/Webhook/subscribe', body);
  const { id } = made;
  const shown = { id, ...body, last_hook: '', last_code: '', last_payload: '' };
  expect(made).toEqual(shown);
  expect(await dataOf('GET', `/Webhook?id=${id}`)).toEqual(shown);
  const form = `url=${encodeURIComponent(body.url)}&event=object_create(0)`;
  const other = await dataOf('POST', '/Webhook/subscribe', form);
  expect(other).toMatchObject({ event: 'object_create(0)', data: '' });
  expect(await dataOf('GET', '/Webhooks')).toEqual([shown, other]);
  expect(await dataOf('DELETE', `/Webhook/unsubscribe?id=${id}`)).toEqual({ id });
  expect(await dataOf('POST', '/Webhook/unsubscribe', { id: Number(other.id) })).toEqual({ id: other.id });
  expect(await dataOf('GET', '/Webhooks')).toEqual([]);
  expect(await refusalOf('DELETE', `/Webhook/unsubscribe?id=${id}`)).toEqual([404, expect.any(String)]);
  const subscribe = (given: object) => refusalOf('POST', '/Webhook/subscribe', { ...body, ...given });
  expect(await subscribe({ url: 'nonsense' })).toEqual([422, expect.stringMatching(/^url: /)]);
  expect(await subscribe({ event: 'sub_tag(999)' })).toEqual([400, expect.stringMatching(/^event: names a tag/)]);
  expect(await subscribe({ event: 'no_such(1)' })).toEqual([400, expect.stringMatching(/^event: is no event/)]);
  expect(await subscribe({ data: '{"format":"tiny"}' })).toEqual([400, expect.stringMatching(/^data.format: /)]);
  expect(await subscribe({ data: '{' })).toEqual([400, expect.stringMatching(/^data: must be JSON/)]);
});

test('the webhook log is listed', async () => {
  expect(await dataOf('GET', '/WebhookLogs?sort=date&sortDir=desc')).toEqual([]);
  expect((await dataOf('GET', '/WebhookLogs/getInfo')).count).toBe('0');
  expect(Object.keys((await dataOf('GET', '/WebhookLogs/meta?format=byName')).WebhookLog.fields)).toContain(
    'response_code',
  );
  expect(await refusalOf('GET', '/WebhookLog?id=1')).toEqual([400, expect.stringMatching(/^id: must be dlv_/)]);
});

test('a key makes so many calls in a minute and is told when it may make more', async () => {
  const server = createServer(buildApp({ ...api.parts, ontraportCallsPerMinute: 5 }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/1/Tags/getInfo`;
  const made = await api.bob.call('POST', '/v1/keys', { name: 'limited' });
  const headers = { 'api-key': made.body.apiKey, 'api-appid': made.body.appId };
  const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(url, { headers })));
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
  const left = answers.filter(({ ok }) => ok).map((one) => one.headers.get('x-rate-limit-remaining'));
  expect(left.sort()).toEqual(['0', '1', '2', '3', '4']);
  const refused = answers.find(({ status }) => status === 429);
  const of = (name: string) => refused?.headers.get(name);
  expect(of('x-rate-limit-limit')).toBe('5');
  expect(of('x-rate-limit-remaining')).toBe('0');
  expect(Number(of('x-rate-limit-reset'))).toBeGreaterThan(0);
  expect(Number(of('x-rate-limit-reset'))).toBeLessThanOrEqual(61);
  expect(of('retry-after')).toBe(of('x-rate-limit-reset'));
  expect(await refused?.json()).toEqual({ code: 429, data: expect.any(String), account_id: api.bob.account.number });
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
});
