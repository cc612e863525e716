import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { openTestApi, type TestApi } from '../tests/servers/open-test-api';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

test("an account's document is valid OpenAPI, with its own object types and fields, and its own ids as examples", async () => {
  const fields = [
    { id: 'total_due', label: 'Total due', type: 'price' },
    { id: 'colors', label: 'Colors', type: 'list', options: ['red', 'blue'] },
  ];
  const { objectTypeId } = (
    await api.ada.call('POST', '/v1/object-types', { name: 'In voice', plural: 'Invoices', fields })
  ).body;
  const { id } = (await api.ada.call('POST', '/v1/records', {})).body;
  const { status, body } = await api.ada.call('GET', '/docs/openapi.json');
  expect(status).toBe(200);
  const { valid, errors } = await new Validator().validate(structuredClone(body));
  expect([errors ?? [], valid]).toEqual([[], true]);
  expect(body.components.schemas[`Fields_In_voice_${objectTypeId}`].properties).toMatchObject({
    total_due: { type: ['number', 'null'], title: 'Total due' },
    colors: { items: { enum: ['red', 'blue'] } },
  });
  const [recordId] = body.paths['/v1/records/{recordId}'].get.parameters;
  expect(recordId).toMatchObject({ name: 'recordId', example: id });
  const { example } = body.paths['/v1/events'].post.requestBody.content['application/json'];
  expect(example).toEqual({ recordId: id, name: 'order.shipped' });
  expect((await api.ada.call('POST', '/v1/events', example)).status).toBe(201);
});

test('the document of another account shows nothing of this one; without a key there is none', async () => {
  await api.ada.call('POST', '/v1/object-types', { name: 'Secret thing', plural: 'Secret things', fields: [] });
  expect((await api.bob.call('GET', '/docs/openapi.json')).text).not.toMatch(/secret thing/i);
  expect((await fetch(`${api.url}/docs/openapi.json`)).status).toBe(401);
});
