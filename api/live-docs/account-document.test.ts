import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { transaction } from '../../store/database';
import { insertDelivery } from '../../store/deliveries';
import { insertOutgoing } from '../../store/outgoing-messages';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';
import { storedDelivery, storedOutgoing } from '../../tests/servers/stored';
import { ROUTES } from '../routes';
import type { Json, Media, OpenApiDocument, Operation } from './open-api-document';

const FORM = 'application/x-www-form-urlencoded';

let api: TestApi;
let invoiceTypeId: number;
let document: OpenApiDocument;
const post = async (path: string, body: unknown) => {
  const answer = await api.ada.call('POST', path, body);
  expect([path, answer.status, answer.body.problems]).toEqual([path, expect.any(Number), undefined]);
  expect([200, 201]).toContain(answer.status);
  return answer.body;
};

beforeAll(async () => {
  api = await openTestApi();
  const color = { id: 'favorite_color', label: 'Favorite Color', type: 'drop', options: ['Red', 'Green'] };
  await post('/v1/object-types/0/fields', color);
  const fields = [
    { id: 'total', label: 'Total', type: 'price' },
    { id: 'due', label: 'Due', type: 'fulldate' },
    { id: 'is_paid', label: 'Paid', type: 'check' },
    { id: 'buyer', label: 'Buyer', type: 'parent', objectTypeId: 0 },
  ];
  const invoices = await post('/v1/object-types', { name: 'Invoice (EU)', plural: 'Invoices', fields });
  invoiceTypeId = invoices.objectTypeId;
  const record = await post('/v1/records', {
    fields: { firstname: 'Ada', email: 'ada@example.com', favorite_color: 'Green' },
    tags: ['Customer'],
  });
  await post('/v1/records', { objectTypeId: invoiceTypeId, fields: { total: 5, due: '2026-12-01', buyer: record.id } });
  for (const objectTypeId of [149, 150, 16, 1, 12]) await post('/v1/records', { objectTypeId });
  const [product] = (await api.ada.call('GET', '/v1/records?objectTypeId=16')).body.items;
  await post('/v1/purchases', { recordId: record.id, items: [{ productId: product.id, price: 5 }] });
  await post('/v1/tasks', { recordId: record.id, subject: 'Call' });
  await post('/v1/forms', exampleOf('/v1/forms'));
  await post('/v1/messages', exampleOf('/v1/messages'));
  await post('/v1/inbounds', exampleOf('/v1/inbounds'));
  const file = JSON.parse(readFileSync(join(__dirname, '..', '..', 'examples', 'send-customer-to-crm.json'), 'utf8'));
  const map = await post('/v1/maps/import', file);
  await post(`/v1/maps/${map.id}/publish`, {});
  await post('/v1/entries', { mapId: map.id, recordId: record.id });
  const webhookId = (await api.ada.call('GET', '/v1/webhooks')).body.items[0].id;
  const accountId = api.ada.account._id;
  const delivery = storedDelivery({ accountId, webhookId, recordId: record.id, status: 'failed' });
  await transaction(api.system.db, async (session) => {
    await insertDelivery(api.system.db, session, delivery);
    await insertOutgoing(api.system.db, session, storedOutgoing({ accountId }));
  });
  await post('/v1/rules', exampleOf('/v1/rules'));
  await post('/v1/subscriptions', exampleOf('/v1/subscriptions'));
  await post('/v1/deliveries/replay', { filter: {} });
  document = (await api.ada.call('GET', '/v1/openapi')).body;
});
afterAll(() => api.close());

const exampleOf = (path: string): unknown =>
  ROUTES.find((route) => route.path === path && route.method === 'post')?.example;

const shape = (name: string) => JSON.parse(JSON.stringify(document.components.schemas[name]));

test('it is valid OpenAPI 3.1, and every reference in it leads somewhere', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document) as never);
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  for (const [, name = ''] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g))
    expect(document.components.schemas).toHaveProperty([name]);
});

test("the account's own object types and fields are shapes with their labels, types, choices and examples", () => {
  const { favorite_color: color } = shape('Fields_Contact').properties;
  expect(color).toEqual({
    description: 'Favorite Color',
    examples: ['Red'],
    type: ['string', 'null'],
    enum: ['Red', 'Green', null],
  });
  expect(shape('Fields_Invoice_EU_').properties.total.type).toEqual(['number', 'null']);
  expect(shape('New_Invoice_EU_').properties.objectTypeId.const).toBe(invoiceTypeId);
  expect(shape('Record').discriminator.mapping[String(invoiceTypeId)]).toBe('#/components/schemas/Record_Invoice_EU_');
  const contacts = document.paths['/1/Contacts']?.post?.requestBody?.content['application/json']?.schema;
  expect(JSON.stringify(contacts)).toContain('#/components/schemas/Text_Contact');
  expect(shape('Text_Contact').properties.favorite_color).toEqual({ type: 'string', description: 'Favorite Color' });
  const asked = document.paths['/v1/records']?.get?.parameters?.find(({ name }) => name === 'objectTypeId');
  expect(asked?.schema?.enum).toContain(invoiceTypeId);
});

test('records are answered as their shapes promise', async () => {
  const ajv = new Ajv({ strict: false, allErrors: true, discriminator: false });
  addFormats(ajv);
  ajv.addSchema({ $id: 'doc', ...document });
  const validate = ajv.compile({ $ref: 'doc#/components/schemas/Record' });
  const { items } = (await api.ada.call('GET', '/v1/records')).body;
  expect(items).toHaveLength(10);
  for (const item of items)
    expect([item.objectTypeId, validate(item), validate.errors]).toEqual([item.objectTypeId, true, null]);
});

/** A request that is right can still be refused: the thing is not in a state for it, or there is one of that name. */
const STATES = [409, 422];
/** Wait for a worker, which these tests leave out. */
const NEEDS_WORKER = ['POST /v1/entries/{entryId}/exit', 'POST /v1/subscriptions/{subscriptionId}/test'];
/** No record of these object types has an address, and of some kinds there is nothing. */
const HAS_NONE =
  /^GET \/1\/((Deal|Company|Product|Task|Purchase|PurchaseHistoryLog|Transaction)\/getByEmail|Group|LandingPage|OpenOrder|CreditCard|Order|Offer)$/;

const bodiesOf = ({ example, examples }: Media): (Json | undefined)[] =>
  examples ? Object.values(examples).map(({ value }) => value) : [example];

test('every operation that deletes nothing runs with its examples as they stand', async () => {
  const unfilled: string[] = [];
  const refused: string[] = [];
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const name = `${method.toUpperCase()} ${path}`;
      const isEndless = JSON.stringify(operation.responses).includes('text/event-stream');
      const isDeleting = method === 'delete' || /\/(unsubscribe|merge)$/.test(path);
      if (isDeleting || NEEDS_WORKER.includes(name) || isEndless) continue;
      const filled = fillPath(path, operation);
      if (filled === null) {
        unfilled.push(name);
        continue;
      }
      for (const [type, media] of Object.entries(operation.requestBody?.content ?? { '': {} }))
        for (const body of bodiesOf(media)) {
          // Lists in lists have no spelling in a plain form.
          if (type === FORM && JSON.stringify(body).includes('[')) continue;
          const { status, text } = await send(method, filled, type, body);
          if (status >= 300 && !STATES.includes(status)) refused.push(`${name} ${JSON.stringify(body)}: ${text}`);
        }
    }
  expect(refused).toEqual([]);
  expect(unfilled.filter((name) => !HAS_NONE.test(name))).toEqual([]);
});

test('operations that delete are not filled: whoever deletes names what', () => {
  const examples = Object.values(document.paths).flatMap(({ delete: operation }) =>
    (operation?.parameters ?? []).filter(({ name, example }) => !/^object/.test(name) && example !== undefined),
  );
  expect(examples).toEqual([]);
});

function fillPath(path: string, { parameters = [] }: Operation): string | null {
  const query = new URLSearchParams();
  let filled = path;
  for (const { name, in: where, required, example } of parameters) {
    if (required && example === undefined) return null;
    if (where === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(String(example)));
    if (where === 'query' && example !== undefined) query.set(name, String(example));
  }
  return query.size > 0 ? `${filled}?${query}` : filled;
}

function send(method: string, path: string, type: string, body: Json | undefined) {
  if (body === undefined) return api.ada.call(method.toUpperCase(), path);
  if (type !== FORM) return api.ada.call(method.toUpperCase(), path, body);
  const raw = new URLSearchParams(
    Object.entries(body as object).map(([key, value]): [string, string] => [key, String(value)]),
  ).toString();
  return api.ada.call(method.toUpperCase(), path, undefined, { raw, headers: { 'content-type': type } });
}
