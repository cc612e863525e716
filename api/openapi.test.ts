import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { transaction } from '../store/database';
import { insertDelivery } from '../store/deliveries';
import { openTestApi, type TestApi } from '../tests/servers/open-test-api';
import { storedDelivery } from '../tests/servers/stored';
import { ROUTES } from './routes';

// biome-ignore lint/suspicious/noExplicitAny: the document is read freely
let document: any;
let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  document = (await api.ada.call('GET', '/openapi.json')).body;
});
afterAll(() => api.close());

test('the document is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  expect(document.openapi).toMatch(/^3\.1\./);
});

test('the validator notices a broken document', async () => {
  const broken = structuredClone(document);
  delete broken.info.title;
  expect((await new Validator().validate(broken)).valid).toBe(false);
});

test('every row of the table is described, with both headers required together and problems documented', () => {
  const { schemas, securitySchemes } = document.components;
  expect(securitySchemes).toEqual({
    ApiKey: { type: 'apiKey', in: 'header', name: 'Api-Key' },
    AppId: { type: 'apiKey', in: 'header', name: 'Api-Appid' },
  });
  expect(document.security).toEqual([{ ApiKey: [], AppId: [] }]);
  expect(schemas.ProblemAnswer.required).toContain('problems');
  for (const route of ROUTES) {
    const operation = document.paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method];
    expect(operation?.summary).toBe(route.summary);
    expect(operation.responses.default.content['application/problem+json'].schema).toBeDefined();
    if (route.scope === 'public') expect(operation.security).toEqual([]);
    const names = (operation.parameters ?? []).map(({ name }: { name: string }) => name);
    expect(names.includes('Idempotency-Key')).toBe(route.method === 'post');
    for (const [, param] of route.path.matchAll(/:(\w+)/g)) expect(names).toContain(param);
  }
  const ids = ROUTES.map(
    (route) => document.paths[route.path.replace(/:(\w+)/g, '{$1}')][route.method].operationId as string,
  );
  expect(new Set(ids).size).toBe(ids.length);
});

test('every example of a body is accepted as it stands', async () => {
  const { body: record } = await api.ada.call('POST', '/v1/records', {});
  const { body: webhook } = await api.ada.call('POST', '/v1/webhooks', exampleOf('/v1/webhooks'));
  const { body: created } = await api.ada.call('POST', '/v1/maps', exampleOf('/v1/maps'));
  const { body: inbound } = await api.ada.call('POST', '/v1/inbounds', exampleOf('/v1/inbounds'));
  const { body: rule } = await api.ada.call('POST', '/v1/rules', exampleOf('/v1/rules'));
  const { body: subscription } = await api.ada.call('POST', '/v1/subscriptions', exampleOf('/v1/subscriptions'));
  const delivery = storedDelivery({
    accountId: api.ada.account._id,
    webhookId: webhook.id,
    recordId: record.id,
    status: 'failed',
  });
  await transaction(api.system.db, (session) => insertDelivery(api.system.db, session, delivery));
  const ids: Record<string, string> = {
    deliveryId: delivery._id,
    recordId: record.id,
    webhookId: webhook.id,
    mapId: created.id,
    inboundId: inbound.id,
    ruleId: rule.id,
    subscriptionId: subscription.id,
    objectTypeId: '0',
    formId: (await api.ada.call('POST', '/v1/forms', exampleOf('/v1/forms'))).body.id,
    messageId: (await api.ada.call('POST', '/v1/messages', exampleOf('/v1/messages'))).body.id,
    taskId: (await api.ada.call('POST', '/v1/tasks', { recordId: record.id, subject: 'Call back' })).body.id,
  };
  for (const route of ROUTES.filter(({ example }) => example !== undefined)) {
    const path = route.path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? '');
    const answer = await api.ada.call(route.method.toUpperCase(), path, route.example);
    expect([route.path, answer.status, answer.body.problems]).toEqual([route.path, route.status, undefined]);
  }
});

test('real answers are what the document promises', async () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema({ $id: 'doc', ...document });
  const check = async (method: string, template: string, path: string, body?: unknown) => {
    const answer = await api.ada.call(method, path, body);
    const operation = document.paths[template][method.toLowerCase()];
    const isSuccess = answer.status < 300;
    const content = operation.responses[isSuccess ? String(answer.status) : 'default'].content;
    const schema = content[isSuccess ? 'application/json' : 'application/problem+json'].schema;
    const validate = ajv.compile(withRefs(schema));
    expect([template, validate(answer.body), validate.errors]).toEqual([template, true, null]);
    return answer.body;
  };
  const file = JSON.parse(readFileSync(join(__dirname, '..', 'examples', 'send-customer-to-crm.json'), 'utf8'));
  const record = await check('POST', '/v1/records', '/v1/records', { fields: { spent: 5 }, tags: ['A'] });
  const imported = await check('POST', '/v1/maps/import', '/v1/maps/import', file);
  await check('POST', '/v1/maps/{mapId}/check', `/v1/maps/${imported.id}/check`);
  await check('POST', '/v1/maps/{mapId}/publish', `/v1/maps/${imported.id}/publish`, {});
  await check('GET', '/v1/maps/{mapId}/versions', `/v1/maps/${imported.id}/versions`);
  await check('GET', '/v1/maps/{mapId}/export', `/v1/maps/${imported.id}/export`);
  const entry = await check('POST', '/v1/entries', '/v1/entries', { mapId: imported.id, recordId: record.id });
  await check('GET', '/v1/entries/{entryId}', `/v1/entries/${entry.id}`);
  await check('POST', '/v1/keys', '/v1/keys', { name: 'another' });
  await check('POST', '/v1/records', '/v1/records', { fields: { nope: 1 } });
  for (const path of ['/v1/object-types', '/v1/records', '/v1/tags', '/v1/events', '/v1/maps', '/v1/entries'])
    await check('GET', path, path);
  await check('POST', '/v1/subscriptions', '/v1/subscriptions', exampleOf('/v1/subscriptions'));
  for (const path of ['/v1/subscriptions', '/v1/webhooks', '/v1/deliveries', '/v1/keys', '/v1/health', '/health'])
    await check('GET', path, path);
});

const exampleOf = (path: string): unknown =>
  ROUTES.find((route) => route.path === path && route.method === 'post')?.example;

/** The schema with its references led into the document. */
const withRefs = (schema: unknown): object =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"doc#/components/'));
