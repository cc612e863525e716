import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestApi, problemOf, type TestApi } from '../tests/servers/open-test-api';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const codeOf = async (method: string, path: string, raw?: string, headers: Record<string, string> = {}) => {
  const answer = await api.ada.call(method, path, undefined, raw === undefined ? { headers } : { raw, headers });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(problemOf(answer).requestId).toBe(answer.headers.get('x-request-id'));
  expect(problemOf(answer).status).toBe(answer.status);
  return [answer.status, problemOf(answer).code];
};
const problemsOf = async (path: string, body: unknown) =>
  problemOf(await api.ada.call('POST', path, body)).problems.map(({ path: at, message }) => `${at}: ${message}`);

test('what is no JSON, too large, of another type or at no address says so', async () => {
  expect(await codeOf('POST', '/v1/tags', '{"name":')).toEqual([400, 'request.malformed']);
  expect(await codeOf('POST', '/v1/tags', '"text"')).toEqual([400, 'request.malformed']);
  expect(await codeOf('POST', '/v1/tags', JSON.stringify({ name: 'x'.repeat(1_048_576) }))).toEqual([
    413,
    'request.too-large',
  ]);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect(await codeOf('POST', '/v1/tags', 'name=x', form)).toEqual([415, 'request.unsupported-type']);
  const charset = { 'content-type': 'application/json; charset=iso-8859-7' };
  expect(await codeOf('POST', '/v1/tags', '{}', charset)).toEqual([415, 'request.unsupported-type']);
  const encoding = { 'content-encoding': 'zstd-ish' };
  expect(await codeOf('POST', '/v1/tags', '{}', encoding)).toEqual([415, 'request.unsupported-type']);
  expect(await codeOf('GET', '/v1/nothing')).toEqual([404, 'route.unknown']);
  expect(await codeOf('DELETE', '/v1/tags')).toEqual([404, 'route.unknown']);
  expect(await codeOf('GET', '/v1/records/%E0%A4%A')).toEqual([400, 'request.invalid']);
  expect(await codeOf('GET', '/v1/records/%00')).toEqual([400, 'request.invalid']);
  expect(await codeOf('GET', '/v1/records/rec_x')).toEqual([400, 'request.invalid']);
});

test('a body is optional where nothing in it is needed', async () => {
  const { body: made } = await api.ada.call('POST', '/v1/maps', { name: 'x' });
  expect((await api.ada.call('POST', `/v1/maps/${made.id}/publish`)).status).toBe(422);
});

test('every mistake is named with its place, all at once', async () => {
  expect(await problemsOf('/v1/webhooks', { settings: { name: '', method: 'FETCH', maxAttempts: 11 } })).toEqual([
    expect.stringMatching(/^settings\.name: /),
    expect.stringMatching(/^settings\.url: /),
    expect.stringMatching(/^settings\.method: .*POST/),
    expect.stringMatching(/^settings\.maxAttempts: .*10/),
  ]);
  expect(await problemsOf('/v1/webhooks', {})).toEqual([expect.stringMatching(/^settings: /)]);
  expect(await problemsOf('/v1/webhooks', { settings: { name: 'x', url: 'ftp://x', body: '[Nope]' } })).toEqual([
    expect.stringMatching(/^settings\.url: /),
    expect.stringMatching(/^settings\.body: \[Nope\]/),
  ]);
  expect(await problemsOf('/v1/maps', { name: 'x', draft: { elements: [{ id: 'a', kind: 'nope' }] } })).toEqual([
    expect.stringMatching(/^draft\.elements\.0\.kind: must be one of trigger, goal, condition, wait/),
  ]);
  expect(await problemsOf('/v1/records', { fields: { spent: 'much', 'Not an id': 1, email: {} } })).toEqual([
    expect.stringMatching(/^fields\.Not an id: must start with a letter/),
    expect.stringMatching(/^fields\.email: .*expected string/),
  ]);
  expect(await problemsOf('/v1/records', { fields: { spent: 'much', email: 'x' } })).toEqual([
    'fields.spent: must be a number',
    expect.stringMatching(/^fields\.email: must be an e-mail address/),
  ]);
});

test('what is not known is refused by its name, in bodies and queries', async () => {
  expect(await problemsOf('/v1/tags', { name: 'x', color: 'red' })).toEqual(['color: is not known here; leave it out']);
  expect(await problemsOf('/v1/records/save-or-update', { fields: {}, matchby: 'email' })).toEqual([
    'matchby: is not known here; leave it out',
  ]);
  const { body } = await api.ada.call('GET', '/v1/deliveries?state=failed&limit=0');
  expect(body.problems.map(({ path }: { path: string }) => path).sort()).toEqual(['limit', 'state']);
});

test('names and texts that cannot be stored are refused', async () => {
  const record = (await api.ada.call('POST', '/v1/records', {})).body.id;
  const event = (data: string) =>
    api.ada.call('POST', '/v1/events', undefined, { raw: `{"recordId":"${record}","name":"a","data":${data}}` });
  const bad = [
    '{"$where":"1"}',
    '{"a":{"$ne":null}}',
    '{"__proto__":{"isAdmin":true}}',
    '{"a":"\\u0000"}',
    '{"a\\u0000b":1}',
    '{"a":"\\ud800"}',
    `${'{"a":'.repeat(60)}1${'}'.repeat(60)}`,
  ];
  for (const data of bad) expect([data.slice(0, 30), (await event(data)).status]).toEqual([data.slice(0, 30), 400]);
  const odd = ['{"constructor":{"prototype":{}}}', '{"a.b":{"c.d":1}}', '{"":1}', '{"toString":1,"valueOf":2,"1":3}'];
  for (const data of odd) {
    const answer = await event(data);
    expect([data, answer.status]).toEqual([data, 201]);
    expect((await api.ada.call('GET', `/v1/events/${answer.body.id}`)).body.fact.data).toEqual(JSON.parse(data));
  }
  expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
});

test('operators in place of values find nothing and break nothing', async () => {
  expect((await api.ada.call('GET', '/v1/records?email[$ne]=x')).status).toBe(400);
  expect((await api.ada.call('GET', '/v1/records?email=x&email=y')).status).toBe(400);
  expect((await api.ada.call('GET', '/v1/records?__proto__=x')).status).toBe(400);
  const body = { fields: { email: { $gt: '' } } };
  expect((await api.ada.call('POST', '/v1/records/save-or-update', body)).status).toBe(400);
});

test('a million brackets are refused quickly', async () => {
  for (const raw of [
    '['.repeat(1_000_000),
    `${'['.repeat(500_000)}${']'.repeat(500_000)}`,
    `{"name":"x","draft":{"elements":${'{"of":'.repeat(100_000)}1${'}'.repeat(100_000)}}}`,
  ]) {
    const answer = await api.ada.call('POST', '/v1/maps', undefined, { raw });
    expect(answer.status).toBe(400);
  }
});

test('a cursor is one of the list, or refused', async () => {
  for (const cursor of ['x', Buffer.from('rec_$ne').toString('base64url'), '%00'])
    expect((await api.ada.call('GET', `/v1/records?cursor=${cursor}`)).status).toBe(400);
});

test('a limit of 181 a minute and 11 attempts are refused with a sentence', async () => {
  const settings = { name: 'x', url: 'https://example.com', requestsPerMinute: 181, maxAttempts: 11 };
  expect(await problemsOf('/v1/webhooks', { settings })).toEqual([
    'settings.requestsPerMinute: must be at most 180',
    'settings.maxAttempts: must be at most 10',
  ]);
});
