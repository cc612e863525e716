import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { transaction } from '../../store/database';
import { insertDelivery } from '../../store/deliveries';
import { findNumbers } from '../../store/numbers';
import { type OntraportCaller, ontraportCaller } from '../../tests/servers/ontraport-caller';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';
import { loggedAttempt, mapSource, storedDelivery } from '../../tests/servers/stored';

const CREATED_AT = new Date('2026-01-01T00:00:00Z');

let api: TestApi;
let dataOf: OntraportCaller['dataOf'];
let refusalOf: OntraportCaller['refusalOf'];
let send: OntraportCaller['send'];
let sent: { id: string; row: object };
let waiting: { id: string; row: object };
beforeAll(async () => {
  api = await openTestApi();
  ({ dataOf, refusalOf, send } = ontraportCaller(api.ada));
  await makeRows();
});
afterAll(() => api.close());

/** One that was answered with 500, and one of a subscription that no attempt has begun. */
async function makeRows(): Promise<void> {
  const { db } = api.system;
  const accountId = api.ada.account._id;
  const contact = await dataOf('POST', '/Contacts', { firstname: 'Ada' });
  const settings = { name: 'CRM', url: 'https://example.com/crm' };
  const { body: webhook } = await api.ada.call('POST', '/v1/webhooks', { settings });
  const numbers = await findNumbers(db, 'webhooks', { accountId, ids: [webhook.id] });
  const of = { accountId, recordId: contact.unique_id, createdAt: CREATED_AT };
  const request = { method: 'POST', url: 'https://example.com/crm', headers: {}, body: '{"name":"Ada"}' };
  const response = { headers: {}, body: 'out of order', isTruncated: false };
  const failed = storedDelivery({
    ...of,
    webhookId: webhook.id,
    source: { ...mapSource(), name: 'Welcome' },
    status: 'failed',
    responseStatus: 500,
    attempts: [loggedAttempt(0, 1), loggedAttempt(0, 2, { request, response })],
  });
  const subscribed = await dataOf('POST', '/Webhook/subscribe', { ...settings, event: 'object_create(0)' });
  const { body } = await api.ada.call('GET', '/v1/subscriptions');
  const [{ id: subscriptionId, webhookId }] = body.items;
  expect(subscribed.id).toBe('1');
  const eventId = (await api.ada.call('GET', '/v1/events')).body.items[0].id;
  const source = { type: 'subscription' as const, subscriptionId, name: 'object_create(0)', eventId };
  const queued = storedDelivery({ ...of, webhookId, source: source as never, sourceKey: 'another' });
  await transaction(db, async (session) => {
    await insertDelivery(db, session, failed);
    await insertDelivery(db, session, queued);
  });
  const common = { object_type_id: '0', object_id: contact.id };
  sent = {
    id: failed._id,
    row: {
      id: failed._id,
      webhook_id: String(numbers.get(webhook.id)),
      type: 'map',
      name: 'Welcome',
      ...common,
      url: request.url,
      request: request.body,
      response_code: '500',
      response_data: 'out of order',
      status: 'failed',
      attempts: '2',
      date: '1767225600',
    },
  };
  waiting = {
    id: queued._id,
    row: {
      id: queued._id,
      webhook_id: '',
      type: 'API',
      name: 'object_create(0)',
      ...common,
      url: '',
      request: '',
      response_code: '',
      response_data: '',
      status: 'queued',
      attempts: '0',
      date: '1767225600',
    },
  };
}

const success = (data: unknown, count?: number): string =>
  JSON.stringify({ code: 0, data, account_id: api.ada.account.number, ...(count === undefined ? {} : { count }) });
const testOf = (field: string, op: string, value: string): string =>
  encodeURIComponent(JSON.stringify([{ field: { field }, op, value: { value } }]));

test('a row of the webhook log has the latest request and answer, byte by byte', async () => {
  expect((await send('GET', `/WebhookLog?id=${sent.id}`)).text).toBe(success(sent.row));
  expect((await send('GET', `/WebhookLog?id=${waiting.id}`)).text).toBe(success(waiting.row));
  expect((await send('GET', '/WebhookLogs?sort=date&count=1')).text).toBe(success([sent.row, waiting.row], 2));
  expect((await send('GET', '/WebhookLogs?sort=date&sortDir=desc&range=1')).text).toBe(success([waiting.row]));
});

test('the log is narrowed by ids, by conditions over its columns, and by a search', async () => {
  const found = async (query: string) =>
    (await dataOf('GET', `/WebhookLogs?listFields=id&${query}`)).map(({ id }: { id: string }) => id);
  expect(await found(`ids=${sent.id}`)).toEqual([sent.id]);
  expect(await found(`ids=${sent.id},${waiting.id}`)).toEqual([sent.id, waiting.id]);
  expect(await found(`condition=${testOf('id', '=', waiting.id)}`)).toEqual([waiting.id]);
  expect(await found(`condition=${testOf('response_code', '>=', '500')}`)).toEqual([sent.id]);
  expect(await found(`condition=${testOf('type', '=', 'map')}`)).toEqual([sent.id]);
  expect(await found('search=welcome')).toEqual([sent.id]);
  expect((await dataOf('GET', `/WebhookLogs/getInfo?condition=${testOf('status', '=', 'queued')}`)).count).toBe('1');
  expect(await refusalOf('GET', '/WebhookLogs?ids=1')).toEqual([400, expect.stringMatching(/^ids.*must be dlv_/)]);
});

test('the fields of the log are told by the names of its columns', async () => {
  const { WebhookLog } = await dataOf('GET', '/WebhookLogs/meta?format=byName');
  expect(Object.keys(WebhookLog.fields)).toEqual(Object.keys(sent.row));
  const { listFields } = await dataOf('GET', '/WebhookLogs/getInfo');
  expect(Object.keys(sent.row)).toEqual(expect.arrayContaining(listFields));
});
