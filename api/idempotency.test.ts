import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newSecret } from '../lib/ids';
import { IDEMPOTENCY } from '../store/idempotency';
import { openTestApi, problemOf, type TestApi } from '../tests/servers/open-test-api';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const keyed = (key = newSecret()) => ({ headers: { 'idempotency-key': key } });
const countRecords = async () => (await api.ada.call('GET', '/v1/records?limit=200')).body.items.length as number;

test('a repeat changes nothing and gets the same bytes', async () => {
  const options = keyed();
  const before = await countRecords();
  const first = await api.ada.call('POST', '/v1/records', { fields: { firstname: 'Ada' } }, options);
  const nudged = api.nudges();
  const repeat = await api.ada.call('POST', '/v1/records', { fields: { firstname: 'Ada' } }, options);
  expect([repeat.status, repeat.text]).toEqual([201, first.text]);
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  expect(repeat.headers.get('idempotency-replayed')).toBe('true');
  expect(await countRecords()).toBe(before + 1);
  expect(api.nudges()).toBe(nudged);
});

test('of 50 repeats at once one creates a record, and all get its answer', async () => {
  const options = keyed();
  const before = await countRecords();
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => api.ada.call('POST', '/v1/records', { tags: ['Fifty'] }, options)),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
  expect(await countRecords()).toBe(before + 1);
});

test('the same key for another body or address is a mistake', async () => {
  const options = keyed();
  await api.ada.call('POST', '/v1/tags', { name: 'One' }, options);
  for (const [path, body] of [
    ['/v1/tags', { name: 'Two' }],
    ['/v1/records', { name: 'One' }],
  ] as const) {
    const answer = await api.ada.call('POST', path, path === '/v1/tags' ? body : {}, options);
    expect([answer.status, problemOf(answer).code]).toEqual([422, 'idempotency.mismatch']);
  }
});

test('keys of two accounts have nothing to do with each other', async () => {
  const options = keyed();
  const [one, other] = [
    await api.ada.call('POST', '/v1/records', {}, options),
    await api.bob.call('POST', '/v1/records', {}, options),
  ];
  expect(one.body.id).not.toBe(other.body.id);
  expect(other.headers.get('idempotency-replayed')).toBeNull();
});

test('a request that was refused may be sent again, put right, under the same key', async () => {
  const options = keyed();
  expect((await api.ada.call('POST', '/v1/tags', { name: '' }, options)).status).toBe(400);
  expect((await api.ada.call('POST', '/v1/tags', { name: 'Right' }, options)).status).toBe(201);
});

test('a key is 1 to 200 printable characters', async () => {
  for (const key of ['x'.repeat(201), 'ü', ' ']) {
    const answer = await api.ada.call('POST', '/v1/tags', { name: `k${key.length}` }, keyed(key));
    expect(key === ' ' ? [201, 400] : [400]).toContain(answer.status);
    if (answer.status === 400) expect(problemOf(answer).problems[0]?.path).toBe('Idempotency-Key');
  }
  expect((await api.ada.call('POST', '/v1/tags', { name: 'longest' }, keyed('x'.repeat(200)))).status).toBe(201);
});

test('a repeat of a request for an API key shows the key again, though it is not stored readably', async () => {
  const key = newSecret();
  const first = await api.ada.call('POST', '/v1/keys', { name: 'again' }, keyed(key));
  const repeat = await api.ada.call('POST', '/v1/keys', { name: 'again' }, keyed(key));
  expect(repeat.text).toBe(first.text);
  const kept = await api.system.db.model(IDEMPOTENCY).findById(`${api.ada.account._id}:${key}`).lean();
  expect(JSON.stringify(kept)).not.toContain(first.body.apiKey);
});

test('an endpoint outside transactions keeps its answer too', async () => {
  const { body: made } = await api.ada.call('POST', '/v1/maps', { name: 'Empty' });
  const options = keyed();
  const first = await api.ada.call('POST', `/v1/maps/${made.id}/check`, undefined, options);
  const repeat = await api.ada.call('POST', `/v1/maps/${made.id}/check`, undefined, options);
  expect(repeat.text).toBe(first.text);
  expect(repeat.headers.get('idempotency-replayed')).toBe('true');
});
