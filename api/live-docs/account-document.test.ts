import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { fillAccount } from '../../tests/servers/fill-account';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';
import type { OpenApiDocument } from './open-api-document';

let api: TestApi;
let invoiceTypeId: number;
let document: OpenApiDocument;
beforeAll(async () => {
  api = await openTestApi();
  ({ invoiceTypeId } = await fillAccount(api));
  document = (await api.ada.call('GET', '/v1/openapi')).body;
});
afterAll(() => api.close());

const shape = (name: string) => JSON.parse(JSON.stringify(document.components.schemas[name]));

test('it is valid OpenAPI 3.1, and every reference in it leads somewhere', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document) as never);
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  for (const [, name = ''] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g))
    expect(document.components.schemas).toHaveProperty([name]);
});

test("the account's own object types and fields are shapes with their labels, types, choices and examples", () => {
  const { car_color: color } = shape('Fields_Contact').properties;
  expect(color).toEqual({
    description: 'Car Color',
    examples: ['Red'],
    type: ['string', 'null'],
    enum: ['Red', 'Green', null],
  });
  expect(shape('Fields_Invoice_EU_').properties.total.type).toEqual(['number', 'null']);
  expect(shape('New_Invoice_EU_').properties.objectTypeId.const).toBe(invoiceTypeId);
  expect(shape('Record').discriminator.mapping[String(invoiceTypeId)]).toBe('#/components/schemas/Record_Invoice_EU_');
  const contacts = document.paths['/1/Contacts']?.post?.requestBody?.content['application/json']?.schema;
  expect(JSON.stringify(contacts)).toContain('#/components/schemas/Text_Contact');
  expect(shape('Text_Contact').properties.car_color).toEqual({ type: 'string', description: 'Car Color' });
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

test('operations that delete are not filled: whoever deletes names what', () => {
  const examples = Object.values(document.paths).flatMap(({ delete: operation }) =>
    (operation?.parameters ?? []).filter(({ name, example }) => !/^object/.test(name) && example !== undefined),
  );
  expect(examples).toEqual([]);
});
