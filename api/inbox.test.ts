import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { request } from 'undici';
import { transaction } from '../store/database';
import { insertDelivery } from '../store/deliveries';
import { INBOX } from '../store/inbox';
import { makeWebhook } from '../tests/servers/make';
import { openTestApi, type TestApi } from '../tests/servers/open-test-api';
import { storedDelivery } from '../tests/servers/stored';

let api: TestApi;
let inbox: string;
beforeAll(async () => {
  api = await openTestApi();
  inbox = `${api.url}/inbox/${api.ada.account.inboxToken}`;
});
afterAll(() => api.close());

const newest = async () => (await api.ada.call('GET', '/v1/inbox-messages?limit=1')).body.items[0];

test('whatever is sent is kept: method, path with query, headers, body', async () => {
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
    const body = method === 'GET' || method === 'OPTIONS' ? null : `<${method}>ü`;
    const answer = await request(`${inbox}/crm/a?b=c`, {
      method,
      headers: { 'x-odd': ['one', 'two'], 'content-type': 'application/xml; charset=utf-9' },
      body,
    });
    expect([answer.statusCode, await answer.body.json()]).toEqual([200, { received: true }]);
    expect(await newest()).toMatchObject({ method, path: '/crm/a?b=c', body: body ?? '' });
    expect((await newest()).headers['x-odd']).toBe('one, two');
  }
  expect((await fetch(inbox, { method: 'POST' })).status).toBe(200);
  expect((await newest()).path).toBe('');
});

test('headers with odd names and bodies that are no text do no harm', async () => {
  const headers = { $where: '1', 'a.b': '2', __proto__x: '3', constructor: '4' };
  const answer = await request(inbox, { method: 'POST', headers, body: Buffer.from([0, 255, 1]) });
  expect(answer.statusCode).toBe(200);
  await answer.body.dump();
  expect((await newest()).headers).toMatchObject({ 'a.b': '2', constructor: '4' });
});

test('an unknown token is 404, and more than 256 KiB are 413', async () => {
  expect((await fetch(`${api.url}/inbox/nobody`)).status).toBe(404);
  expect((await fetch(inbox, { method: 'POST', body: 'x'.repeat(262_144) })).status).toBe(200);
  expect((await newest()).body).toHaveLength(262_144);
  expect((await fetch(inbox, { method: 'POST', body: 'x'.repeat(262_145) })).status).toBe(413);
});

test('messages of another account are not shown', async () => {
  expect((await api.bob.call('GET', '/v1/inbox-messages')).body).toEqual({ items: [], nextCursor: null });
});

test('headers that are secret by name, or to the webhook that sent them, are kept masked', async () => {
  const { system, ada } = api;
  const webhookId = await makeWebhook(system, {
    url: 'https://example.com',
    headers: [{ name: 'X-Mine', value: 'mine-alone', isSecret: true }],
  });
  const delivery = storedDelivery({ accountId: ada.account._id, webhookId });
  await transaction(system.db, (session) => insertDelivery(system.db, session, delivery));
  const headers = { authorization: 'Bearer of-a-secret', 'x-mine': 'mine-alone', 'x-plain': 'plain' };
  await fetch(inbox, { method: 'POST', headers: { ...headers, 'webhook-id': delivery._id } });
  expect((await newest()).headers).toMatchObject({ authorization: '•••', 'x-mine': '•••', 'x-plain': 'plain' });
  expect(JSON.stringify(await system.db.model(INBOX).find().lean())).not.toMatch(/of-a-secret|mine-alone/);
});
