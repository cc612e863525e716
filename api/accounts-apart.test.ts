import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { deriveId, newId } from '../lib/ids';
import type { StoredDelivery } from '../schemas/delivery';
import type { RecordId } from '../schemas/ids';
import { transaction } from '../store/database';
import { insertDelivery } from '../store/deliveries';
import { insertOutgoing } from '../store/outgoing-messages';
import { type ApiCaller, openTestApi, type TestApi } from '../tests/servers/open-test-api';
import { storedDelivery, storedOutgoing } from '../tests/servers/stored';
import { ROUTES } from './routes';

let api: TestApi;
/** Ids of Bob's things, by the names that parameters and bodies have for them */
let ids: Record<string, string>;
beforeAll(async () => {
  api = await openTestApi();
  ids = await makeOneOfEach(api.bob);
});
afterAll(() => api.close());

async function makeOneOfEach(bob: ApiCaller): Promise<Record<string, string>> {
  const post = async (path: string, body: unknown) => {
    const answer = await bob.call('POST', path, body);
    expect([path, answer.status, answer.body.problems]).toEqual([path, 201, undefined]);
    return answer.body.id as string;
  };
  const file = JSON.parse(readFileSync(join(__dirname, '..', 'examples', 'send-customer-to-crm.json'), 'utf8'));
  const recordId = await post('/v1/records', { fields: { email: 'bob@example.com' }, tags: ['Secret tag'] });
  const mapId = await post('/v1/maps/import', { ...file, name: 'Secret map' });
  await bob.call('POST', `/v1/maps/${mapId}/publish`, {});
  const { body: type } = await bob.call('POST', '/v1/object-types', { name: 'Secret type', plural: 'Secret types' });
  const rule = { name: 'Secret rule', events: [{ type: 'record.created' }], actions: [{ kind: 'add-to-map', mapId }] };
  const subscription = { event: { type: 'custom', name: 'secret.event' }, url: 'https://example.com/secret' };
  const message = { kind: 'email', name: 'Secret message', subject: 'Secret', body: 'Secret' };
  const entryId = await post('/v1/entries', { mapId, recordId });
  const webhookId = (await bob.call('GET', '/v1/webhooks')).body.items[0].id as string;
  const mapping = [{ path: 'email', fieldId: 'email' }];
  const inboundId = await post('/v1/inbounds', { settings: { name: 'Secret source', mapping } });
  const deliveryId = newId('delivery');
  const delivery = storedDelivery({
    _id: deliveryId,
    accountId: bob.account._id,
    webhookId,
    recordId,
    objectTypeId: 0,
    source: {
      type: 'map',
      mapId,
      name: 'Secret map',
      elementId: 'send',
      entryId,
      positionId: deriveId('position', entryId, 'main'),
      step: 1,
    },
  } as Partial<StoredDelivery>);
  await transaction(api.system.db, (session) => insertDelivery(api.system.db, session, delivery));
  const written = { to: 'bob@example.com', subject: 'Secret', format: 'plain' as const, body: 'Secret' };
  const outgoing = storedOutgoing({ accountId: bob.account._id, recordId: recordId as RecordId, written });
  await transaction(api.system.db, (session) => insertOutgoing(api.system.db, session, outgoing));
  const productId = await post('/v1/records', { objectTypeId: 16, fields: { name: 'Secret product', price: 1 } });
  const bought = await bob.call('POST', '/v1/purchases', { recordId, items: [{ productId }] });
  return {
    recordId,
    productId,
    purchaseId: bought.body.purchases[0].id,
    taskId: await post('/v1/tasks', { recordId, subject: 'Secret task' }),
    formId: await post('/v1/forms', { settings: { name: 'Secret form', fields: [{ fieldId: 'email' }] } }),
    messageId: await post('/v1/messages', { settings: message }),
    outgoingMessageId: outgoing._id,
    mapId,
    entryId,
    ruleId: await post('/v1/rules', { settings: rule }),
    subscriptionId: await post('/v1/subscriptions', { settings: subscription }),
    webhookId,
    inboundId,
    deliveryId,
    objectTypeId: String(type.objectTypeId),
    number: '1',
    jobId: (await bob.call('POST', '/v1/deliveries/replay', { filter: {} })).body.job.id,
    eventId: (await bob.call('GET', '/v1/events')).body.items[0].id,
    keyId: (await bob.call('GET', '/v1/keys')).body.items[0].id,
    tagId: (await bob.call('GET', '/v1/tags')).body.items[0].id,
  };
}

const addressed = ROUTES.filter(({ path }) => path.includes(':'));
const pathOf = (path: string): string => path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? `no id for ${name}`);

/** Bodies of routes without an example, since they name a record; by the last part of their path. */
const bodiesOf = (recordId: string | undefined): Record<string, unknown> => ({
  test: { recordId },
  merge: { otherId: recordId },
  payments: { recordId, outcome: 'success' },
});

test('Bob reaches what is his', async () => {
  for (const route of addressed.filter(({ method }) => method === 'get')) {
    const answer = await api.bob.call('GET', pathOf(route.path));
    expect([route.path, answer.status]).toEqual([route.path, 200]);
  }
});

test.each(addressed.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s does not know the ids of another account',
  async (_, route) => {
    const { recordId } = ids;
    const body = route.body
      ? (route.example ?? bodiesOf(recordId)[route.path.split('/').at(-1) ?? ''] ?? {})
      : undefined;
    const answer = await api.ada.call(route.method.toUpperCase(), pathOf(route.path), body);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toMatch(/secret|bob@/i);
  },
);

test('lists show nothing of another account, also when they are narrowed to its ids', async () => {
  const lists = ROUTES.filter(
    (route) =>
      route.method === 'get' && !route.path.includes(':') && route.scope === 'key' && !route.streamed?.isEndless,
  ).filter(({ path }) => path !== '/v1/openapi');
  const queries = ['', ...Object.entries(ids).map(([name, id]) => `?${name}=${id}`), '?tag=Secret%20tag'];
  for (const { path } of lists) {
    for (const query of [...queries, '?email=bob@example.com']) {
      const answer = await api.ada.call('GET', `${path}${query}`);
      expect([200, 400]).toContain(answer.status);
      expect(answer.text).not.toMatch(/secret|bob@/i);
    }
  }
});

test('the OpenAPI document of an account names nothing of another account', async () => {
  const { text } = await api.ada.call('GET', '/v1/openapi');
  expect(text).not.toMatch(/secret (type|tag|map)|bob@/i);
  for (const id of Object.values(ids).filter((id) => id.length > 10)) expect(text).not.toContain(id);
  expect((await api.bob.call('GET', '/v1/openapi')).text).toContain(ids.recordId);
});

test('bodies cannot name what belongs to another account', async () => {
  const own = (await api.ada.call('POST', '/v1/records', {})).body.id;
  const call = async (path: string, body: unknown) => (await api.ada.call('POST', path, body)).status;
  expect(await call('/v1/events', { recordId: ids.recordId, name: 'x' })).toBe(404);
  expect(await call('/v1/entries', { mapId: ids.mapId, recordId: own })).toBe(404);
  expect(await call('/v1/purchases', { recordId: ids.recordId, items: [{ productId: ids.productId }] })).toBe(404);
  expect(await call('/v1/purchases', { recordId: own, items: [{ productId: ids.productId, price: 1 }] })).toBe(400);
  expect(await call('/v1/tasks', { recordId: ids.recordId, subject: 'x' })).toBe(404);
  expect(await call(`/v1/records/${own}/merge`, { otherId: ids.recordId })).toBe(400);
  const form = { name: 'Spy', fields: [{ fieldId: 'email' }] };
  expect(await call('/v1/forms', { settings: { ...form, tagIds: [ids.tagId] } })).toBe(400);
  expect(await call('/v1/forms', { settings: { ...form, order: { productId: ids.productId, price: 1 } } })).toBe(400);
  expect(await call('/v1/records', { objectTypeId: Number(ids.objectTypeId) })).toBe(404);
  const rule = { name: 'Spy', events: [{ type: 'record.created' }] };
  const send = { kind: 'send-email', messageId: ids.messageId };
  expect(await call('/v1/rules', { settings: { ...rule, actions: [send] } })).toBe(400);
  const draft = {
    elements: [
      {
        id: 'a',
        kind: 'trigger',
        settings: { events: [{ type: 'tag.added', tagId: ids.tagId }] },
      },
      { id: 'b', kind: 'webhook', settings: { webhookId: ids.webhookId } },
      { id: 'c', kind: 'end' },
    ],
    edges: [
      { from: 'a', port: 'next', to: 'b' },
      { from: 'b', port: 'next', to: 'c' },
    ],
  };
  const { body: made } = await api.ada.call('POST', '/v1/maps', { name: 'Spy', draft });
  const published = await api.ada.call('POST', `/v1/maps/${made.id}/publish`, {});
  expect(published.status).toBe(422);
  expect(published.text).not.toMatch(/secret/i);
  const exported = await api.ada.call('GET', `/v1/maps/${made.id}/export`);
  expect(exported.body.requires).toEqual({ tags: [], webhooks: [] });
});

test('a key of one account with the app id of the other is refused', async () => {
  const mixed = { headers: { 'api-appid': api.bob.account.appId } };
  expect((await api.ada.call('GET', '/v1/records', undefined, mixed)).status).toBe(401);
});
