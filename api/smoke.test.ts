import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestApi, type TestApi } from '../tests/servers/open-test-api';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

test('smoke', async () => {
  const show = async (m: string, p: string, b?: unknown) => {
    const a = await api.ada.call(m, p, b);
    console.log(m, p, a.status, a.text.slice(0, 600));
    return a.body;
  };
  await show('GET', '/v1/object-types');
  const r = await show('POST', '/v1/records', {
    fields: { firstname: 'Ada', email: 'ada@example.com' },
    tags: ['Customer'],
  });
  await show('POST', '/v1/records/save-or-update', {
    fields: { firstname: 'Augusta', email: 'ada@example.com' },
    tags: ['X'],
  });
  await show('PATCH', `/v1/records/${r.id}`, { fields: { nope: 1 } });
  await show('POST', `/v1/records/${r.id}/tags`, { add: ['b'], remove: ['x'] });
  await show('GET', `/v1/records?tag=customer`);
  await show('GET', '/v1/tags');
  await show('POST', '/v1/events', { recordId: r.id, name: 'order.shipped', data: { a: 1 } });
  await show('GET', '/v1/events?limit=2');
  const file = JSON.parse(readFileSync(join(__dirname, '../examples/send-customer-to-crm.json'), 'utf8'));
  const m = await show('POST', '/v1/maps/import', file);
  await show('POST', `/v1/maps/${m.id}/check`);
  await show('POST', `/v1/maps/${m.id}/publish`, {});
  await show('POST', `/v1/maps/${m.id}/publish`);
  await show('GET', `/v1/maps/${m.id}/versions`);
  await show('GET', `/v1/maps/${m.id}/export`);
  const e = await show('POST', '/v1/entries', { mapId: m.id, recordId: r.id });
  await show('GET', `/v1/entries/${e.id}`);
  await show('POST', `/v1/entries/${e.id}/exit`);
  await show('GET', '/v1/webhooks');
  await show('POST', '/v1/webhooks', { settings: { name: 'x', url: 'nope', oops: 1 } });
  await show('POST', '/v1/webhooks', { settings: { name: 'x', url: 'https://a.example/', body: '[Firstname]' } });
  await show('GET', '/v1/deliveries?status=failed');
  await show('GET', '/v1/health');
  await show('GET', '/health');
  await show('POST', '/v1/keys', { name: 'k' });
  await show('GET', '/v1/nope');
  await show('GET', '/v1/records?x=1');
  await show('POST', `/inbox/${api.ada.account.inboxToken}/a/b?c=d`, { hi: 1 });
  await show('GET', `/v1/inbox-messages`);
  await show('GET', `/docs`);
  await show('GET', `/openapi.json`);
});
