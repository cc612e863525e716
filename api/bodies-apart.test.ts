import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeAllKinds } from '../tests/servers/all-kinds';
import { type IdPlace, idPlacesOf, looseIdsOf, type OwnIds } from '../tests/servers/id-places';
import { type ApiAnswer, type ApiCaller, openTestApi, type TestApi } from '../tests/servers/open-test-api';
import { stateOf } from '../tests/servers/state-of';
import type { Route } from './route';
import { ROUTES } from './routes';

type Ids = Record<string, string>;

let api: TestApi;
let adas: Ids;
let bobs: Ids;
beforeAll(async () => {
  api = await openTestApi();
  [adas, bobs] = [await makeAllKinds(api, api.ada, 'Plain'), await makeAllKinds(api, api.bob, 'Secret')];
  // A test of what is held is refused instead of waiting for a worker.
  for (const [by, { webhookId, subscriptionId }] of [[api.ada, adas] as const, [api.bob, bobs] as const]) {
    const { body: subscription } = await by.call('GET', `/v1/subscriptions/${subscriptionId}`);
    for (const id of [webhookId, subscription.webhookId]) await by.call('POST', `/v1/webhooks/${id}/pause`);
  }
});
afterAll(() => api.close());

const KINDS = { rec: 'recordId', tag: 'tagId', map: 'mapId', whk: 'webhookId', frm: 'formId', inb: 'inboundId' };
const PREFIXES: Readonly<Record<string, string>> = { ...KINDS, mes: 'messageId', ent: 'entryId', dlv: 'deliveryId' };

/** An account's ids for bodies, by the names of fields and by prefix. */
const ownOf = (ids: Ids): OwnIds => ({
  ...ids,
  ...Object.fromEntries(Object.entries(PREFIXES).map(([prefix, name]) => [prefix, ids[name] ?? ''])),
});
/** An account's id for a place. */
function idFor({ path, prefix }: IdPlace, ids: Ids): string {
  if (path.includes('(send-sms)')) return ids.smsMessageId ?? '';
  const own = ownOf(ids);
  return own[path.split('.').at(-1) ?? ''] ?? own[prefix] ?? `no id of kind ${prefix}`;
}

/** Ids in bodies by their place: `POST /v1/rules settings.actions.(send-webhook).webhookId`. */
const places = ROUTES.flatMap((route) =>
  (route.body ? idPlacesOf(route.body) : []).map(
    (place) => [`${route.method.toUpperCase()} ${route.path} ${place.path}`, route, place] as const,
  ),
);

async function call(by: ApiCaller, { route, place, ids, id }: { route: Route; place: IdPlace; ids: Ids; id: string }) {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? '');
  const body = settle(place.bodyWith(id, ownOf(ids)) as Body, place);
  const answer = await by.call(route.method.toUpperCase(), path, body);
  // What a draft names is looked at when it is to be published.
  const isDraft = place.path.startsWith('draft.') && answer.status < 300;
  return isDraft ? by.call('POST', `/v1/maps/${answer.body.id}/check`) : answer;
}

interface Body {
  settings?: Record<string, unknown>;
}
/** A rule does something, and one of a form listens to that form alone. */
function settle(body: Body, { path }: IdPlace): Body {
  if (!body.settings || !('actions' in body.settings)) return body;
  const actions = path.includes('actions') ? {} : { actions: [{ kind: 'assign-task', subject: 'Call' }] };
  const events = path === 'formId' ? { events: [{ type: 'form.submitted' }] } : {};
  return { ...body, settings: { ...body.settings, ...actions, ...events } };
}

/** The thing is refused because there is none, or a draft that names it is; what narrows finds nothing. */
const isUnknown = ({ status, body }: ApiAnswer): boolean =>
  [400, 404, 422].includes(status) ||
  (body.isPublishable === false && body.problems.some(({ message }: { message: string }) => isMissing(message))) ||
  (status === 200 && body.count === 0);
const isMissing = (message: string): boolean => /does not exist/.test(message);
/** It was done, or there is another reason why not. */
const isKnown = ({ status, body }: ApiAnswer): boolean =>
  status === 409 || (status < 300 && !body.problems?.some(({ message }: { message: string }) => isMissing(message)));

test('bodies hold ids in all the places that are tried, and under names of which it is known that they hold none', () => {
  const names = places.map(([name]) => name);
  expect(names).toEqual(expect.arrayContaining(KNOWN_PLACES));
  expect(names.filter((name, at) => names.indexOf(name) < at)).toEqual([]);
  const loose = ROUTES.flatMap(({ body }) => (body ? looseIdsOf(body) : []));
  expect([...new Set(loose)].sort()).toEqual(['externalOrderId', 'fieldId', 'hasOwnIds', 'messageId', 'objectTypeId']);
});
/** Some of the places, lest the search for them finds nothing one day. */
const KNOWN_PLACES = [
  'POST /v1/subscriptions settings.event.(tag.added).tagId',
  'PUT /v1/subscriptions/:subscriptionId settings.condition.(purchases).productId',
  'POST /v1/inbounds settings.addTagIds',
  'PATCH /v1/account settings.smsWebhookId',
  'POST /v1/rules formId',
  'POST /v1/rules settings.actions.(notify).messageId',
  'POST /v1/maps draft.elements.(webhook).settings.webhookId',
  'PUT /v1/forms/:formId settings.order.productId',
  'POST /v1/deliveries/replay filter.mapId',
  'POST /v1/records/:recordId/merge otherId',
];

test('no body can name what belongs to another account, and nothing of it is changed', async () => {
  const before = await stateOf(api.system.db, api.bob.account._id);
  for (const [name, route, place] of places) {
    const answer = await call(api.ada, { route, place, ids: adas, id: idFor(place, bobs) });
    expect([name, isUnknown(answer), answer.text]).toEqual([name, true, expect.not.stringMatching(/secret/i)]);
  }
  expect(await stateOf(api.system.db, api.bob.account._id)).toBe(before);
});

test('the same bodies are taken from whom the things belong to', async () => {
  for (const [name, route, place] of places) {
    const answer = await call(api.bob, { route, place, ids: bobs, id: idFor(place, bobs) });
    expect([name, isKnown(answer), answer.text]).toEqual([name, true, answer.text]);
  }
});

test('relations lead to no record of another account, however they are set', async () => {
  const friend = { id: 'friend', label: 'Friend', type: 'parent', objectTypeId: 0 };
  expect((await api.ada.call('POST', '/v1/object-types/0/fields', friend)).status).toBe(201);
  const hidden = { fieldId: 'friend', isHidden: true };
  const rule = { name: 'Spy', events: [{ type: 'record.created' }] };
  const calls = (value: string | undefined): [method: string, path: string, body: object][] => [
    ['POST', '/v1/records', { fields: { friend: value } }],
    ['PATCH', `/v1/records/${adas.recordId}`, { fields: { friend: value } }],
    ['POST', '/v1/records/save-or-update', { fields: { email: 'plain@example.com', friend: value } }],
    ['POST', '/v1/forms', { settings: { name: 'Spy', fields: [{ ...hidden, value }], matchBy: null } }],
    ['POST', '/v1/rules', { settings: { ...rule, actions: [{ kind: 'change-field', fieldId: 'friend', value }] } }],
    [
      'POST',
      '/v1/rules',
      { settings: { ...rule, actions: [{ kind: 'create-record', objectTypeId: 0, fields: { friend: value } }] } },
    ],
  ];
  for (const [method, path, body] of calls(bobs.recordId)) {
    const answer = await api.ada.call(method, path, body);
    expect([path, answer.status, answer.text]).toEqual([path, 400, expect.stringMatching(/names no record of the/)]);
  }
  for (const [method, path, body] of calls(adas.recordId)) {
    const answer = await api.ada.call(method, path, body);
    expect([path, answer.status < 300, answer.text]).toEqual([path, true, answer.text]);
  }
});

test('a map that is imported with ids of another account is not published, and its export names nothing of it', async () => {
  const events = [{ type: 'tag.added', tagId: bobs.tagId }];
  const drawing = {
    elements: [
      { id: 'a', kind: 'trigger', settings: { events } },
      { id: 'b', kind: 'webhook', settings: { webhookId: bobs.webhookId } },
    ],
    edges: [{ from: 'a', port: 'next', to: 'b' }],
  };
  const file = { schemaVersion: 1, name: 'Spy', requires: {}, drawing };
  const { status, body: made } = await api.ada.call('POST', '/v1/maps/import', file);
  expect(status).toBe(201);
  const published = await api.ada.call('POST', `/v1/maps/${made.id}/publish`);
  expect([published.status, published.text]).toEqual([422, expect.not.stringMatching(/secret/i)]);
  const exported = await api.ada.call('GET', `/v1/maps/${made.id}/export`);
  expect(exported.body.requires).toEqual({ tags: [], webhooks: [] });
});

test('a custom object type of another account is none', async () => {
  const { body } = await api.bob.call('POST', '/v1/object-types', { name: 'Secret type', plural: 'Secret types' });
  const { status, text } = await api.ada.call('POST', '/v1/records', { objectTypeId: body.objectTypeId });
  expect([status, text]).toEqual([404, expect.not.stringMatching(/secret/i)]);
});
