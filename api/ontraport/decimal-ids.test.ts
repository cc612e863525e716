import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type OntraportCaller, ontraportCaller } from '../../tests/servers/ontraport-caller';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
let dataOf: OntraportCaller['dataOf'];
beforeAll(async () => {
  api = await openTestApi();
  ({ dataOf } = ontraportCaller(api.ada));
});
afterAll(() => api.close());

const made = async (path: string, body: unknown) => {
  const { status, body: answer } = await api.ada.call('POST', path, body);
  expect([path, status]).toEqual([path, 201]);
  return answer as { id: string; number: number };
};
const listed = async (path: string) => (await api.ada.call('GET', path)).body.items[0];
const email = { fieldId: 'email' };
const event = { type: 'record.created' };

test.each([
  ['Contact', '/v1/records', { fields: { firstname: 'Ada' } }],
  ['Tag', '/v1/tags', { name: 'Customer' }],
  ['CampaignBuilderItem', '/v1/maps', { name: 'Welcome' }],
  ['Form', '/v1/forms', { settings: { name: 'Newsletter', fields: [email] } }],
  ['Message', '/v1/messages', { settings: { kind: 'sms', name: 'Hello', body: 'Hello' } }],
  ['Rule', '/v1/rules', { settings: { name: 'R', events: [event], actions: [{ kind: 'add-note', text: 'New' }] } }],
  ['Webhook', '/v1/subscriptions', { settings: { event, url: 'https://example.com/hook' } }],
])('the id of a %s under /1 is its number under /v1', async (one, path, body) => {
  const { id, number } = await made(path, body);
  expect(await listed(path)).toMatchObject({ id, number });
  expect(await dataOf('GET', `/${one}?id=${number}`)).toMatchObject({ id: String(number) });
});

test("a stored webhook is named in Ontraport's strings by its number", async () => {
  const { id, number } = await made('/v1/webhooks', { settings: { name: 'CRM', url: 'https://example.com/crm' } });
  expect(await listed('/v1/webhooks')).toMatchObject({ id, number });
  expect((await api.ada.call('GET', `/v1/webhooks/${id}`)).body.number).toBe(number);
  const strings = { events: 'Contact_added_to_my_database()', actions: `Ping_APIURL(${number})` };
  const rule = await dataOf('POST', '/Rules', { object_type_id: 0, ...strings });
  expect(rule.unknown).toBe('');
  const { settings } = (await api.ada.call('GET', '/v1/rules')).body.items[0];
  expect(settings.actions).toMatchObject([{ webhookId: id }]);
});
