import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sign } from '../lib/secrets/signature';
import { INBOUNDS } from '../store/inbounds';
import { openTestApi, type TestApi } from '../tests/servers/open-test-api';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const mapping = [
  { path: '$.customer.email', fieldId: 'email' },
  { path: '$.customer.name', fieldId: 'firstname' },
];
const make = async (more: object = {}) => {
  const answer = await api.ada.call('POST', '/v1/inbounds', { settings: { name: 'Shop', mapping, ...more } });
  expect([answer.status, answer.body.problems]).toEqual([201, undefined]);
  return { ...answer.body, path: new URL(answer.body.url).pathname };
};
/** Posts without keys, as a stranger does */
async function send(path: string, body: string | object, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${api.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
  });
  return {
    status: response.status,
    headers: response.headers,
    // biome-ignore lint/suspicious/noExplicitAny: tests read answers freely
    body: (await response.json()) as any,
  };
}
const order = (email: unknown, name: unknown = 'Ada') => ({ customer: { email, name }, total: 12 });
const record = async (recordId: string) => (await api.ada.call('GET', `/v1/records/${recordId}`)).body;
const factsOf = async (recordId: string) =>
  (await api.ada.call('GET', `/v1/events?recordId=${recordId}`)).body.items
    .map(({ fact }: { fact: { type: string } }) => fact)
    .reverse();

test('a message creates its record, then changes it: fields, tags and facts in one go', async () => {
  const { body: tag } = await api.ada.call('POST', '/v1/tags', { name: 'Buyer' });
  const source = await make({ addTagIds: [tag.id] });
  expect(source).toMatchObject({ secret: null, hasSecret: false, number: expect.any(Number) });
  const nudges = api.nudges();
  const first = await send(source.path, order('ada@example.com'));
  expect([first.status, first.body]).toEqual([200, { recordId: first.body.recordId, isDuplicate: false, leftOut: [] }]);
  expect(api.nudges()).toBe(nudges + 1);
  const again = await send(source.path, order('ada@example.com', 'Augusta'));
  expect(again.body.recordId).toBe(first.body.recordId);
  expect(await record(first.body.recordId)).toMatchObject({
    fields: { email: 'ada@example.com', firstname: 'Augusta' },
    tags: [{ name: 'Buyer' }],
  });
  const received = { type: 'inbound.received', inboundId: source.id };
  expect(await factsOf(first.body.recordId)).toEqual([
    { type: 'record.created' },
    { type: 'tag.added', tagId: tag.id },
    { ...received, data: order('ada@example.com') },
    expect.objectContaining({ type: 'field.updated', after: 'Augusta' }),
    { ...received, data: order('ada@example.com', 'Augusta') },
  ]);
});

test('a message that was taken changes nothing the second time, also when 20 come at once', async () => {
  const source = await make();
  const headers = { 'webhook-id': 'msg_1' };
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => send(source.path, order('twice@example.com', `Name ${n}`), headers)),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect(answers.filter(({ body }) => !body.isDuplicate)).toHaveLength(1);
  const [recordId] = new Set(answers.map(({ body }) => body.recordId));
  expect(await factsOf(recordId)).toHaveLength(2);
  const later = await send(source.path, order('other@example.com'), headers);
  expect(later.body).toEqual({ recordId, isDuplicate: true, leftOut: [] });
  expect((await send(source.path, order('twice@example.com'), { 'idempotency-key': 'k' })).body.isDuplicate).toBe(
    false,
  );
});

test('messages are told apart by the header or the value that the source says', async () => {
  const byHeader = await make({ dedupeBy: { kind: 'header', name: 'X-Event' } });
  const byPath = await make({ dedupeBy: { kind: 'path', path: '$.id' } });
  const twice = async (path: string, headers: Record<string, string>) => {
    const message = { ...order('by@example.com'), id: 7 };
    await send(path, message, headers);
    return (await send(path, message, headers)).body.isDuplicate;
  };
  expect(await twice(byHeader.path, { 'x-event': '1' })).toBe(true);
  expect(await twice(byHeader.path, { 'webhook-id': '1' })).toBe(false);
  expect(await twice(byPath.path, {})).toBe(true);
});

test('a form is taken like JSON', async () => {
  const source = await make({ mapping: [{ path: 'Email', fieldId: 'email' }] });
  const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const { body } = await send(source.path, 'Email=form%40example.com&a=1&a=2', form);
  expect((await record(body.recordId)).fields.email).toBe('form@example.com');
  expect((await factsOf(body.recordId))[1].data).toEqual({ Email: 'form@example.com', a: ['1', '2'] });
});

test('values that do not fit are left out and told; without the value that finds the record nothing happens', async () => {
  const source = await make();
  const bad = await send(source.path, order('fit@example.com', { first: 'Ada' }));
  expect(bad.body).toMatchObject({ isDuplicate: false, leftOut: [{ path: 'fields.firstname' }] });
  const nul = await send(source.path, order('fit@example.com', 'a\0b'));
  expect(nul.body.leftOut).toEqual([{ path: 'fields.firstname', message: expect.stringMatching(/NUL/) }]);
  for (const message of [order('no address'), order(''), order(undefined), [], 'x', null]) {
    const answer = await send(source.path, JSON.stringify(message), { 'webhook-id': 'unmatched' });
    expect([answer.status, answer.body.code]).toEqual([422, 'inbound.unmatched']);
    expect(answer.body.problems).toEqual([{ path: 'fields.email', message: expect.any(String) }]);
  }
  expect((await send(source.path, order('fit@example.com'), { 'webhook-id': 'unmatched' })).body.isDuplicate).toBe(
    false,
  );
});

test('what is no message is refused: other types, broken JSON, too much, nesting without end', async () => {
  const source = await make();
  const code = async (body: string, headers = {}) => (await send(source.path, body, headers)).body.code;
  expect(await code('<a/>', { 'content-type': 'application/xml' })).toBe('request.unsupported-type');
  expect(await code('{')).toBe('request.malformed');
  expect(await code(JSON.stringify({ a: 'x'.repeat(270_000) }))).toBe('request.too-large');
  expect(await code('['.repeat(100_000) + ']'.repeat(100_000))).toBe('inbound.unmatched');
  const deep = `{"customer":{"email":"deep@example.com"},"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
  expect((await send(source.path, deep)).status).toBe(200);
  expect((await send('/inbound/nobody', order('x@example.com'))).body.code).toBe('inbound.not-found');
});

test('a source with a Standard Webhooks secret takes only what is signed with it', async () => {
  const source = await make({ signature: { kind: 'standard-webhooks' } });
  expect(source.secret).toMatch(/^whsec_/);
  expect(source.settings.signature).toEqual({ kind: 'standard-webhooks' });
  const body = JSON.stringify(order('signed@example.com'));
  const signed = (secret: string, id: string) => {
    const timestampSeconds = Math.floor(Date.now() / 1000);
    const signature = sign({ id, timestampSeconds, body }, [secret]);
    return { 'webhook-id': id, 'webhook-timestamp': String(timestampSeconds), 'webhook-signature': signature };
  };
  expect((await send(source.path, body, signed(source.secret, 'm1'))).status).toBe(200);
  const { status, body: refused } = await send(source.path, body);
  expect([status, refused.code, refused.detail]).toEqual([
    401,
    'inbound.unsigned',
    expect.stringMatching(/webhook-signature must be given/),
  ]);

  const put = (settings: object) =>
    api.ada.call('PUT', `/v1/inbounds/${source.id}`, { settings: { name: 'Shop', mapping, ...settings } });
  expect((await put({ signature: { kind: 'standard-webhooks' } })).body.secret).toBeNull();
  expect((await send(source.path, body, signed(source.secret, 'm2'))).status).toBe(200);
  const { body: changed } = await put({ signature: { kind: 'hmac-sha256', header: 'X-Sig', secret: 'shared-secret' } });
  expect(changed).toMatchObject({ secret: 'shared-secret', url: source.url });
  const hmac = createHmac('sha256', 'shared-secret').update(body).digest('hex');
  expect((await send(source.path, body, { 'x-sig': `sha256=${hmac}` })).status).toBe(200);
  expect((await send(source.path, body, signed(source.secret, 'm3'))).status).toBe(401);

  const shown = await api.ada.call('GET', '/v1/inbounds');
  const stored = await api.system.db.model(INBOUNDS).find().lean();
  for (const secret of [source.secret, 'shared-secret']) {
    expect(shown.text).not.toContain(secret);
    expect(JSON.stringify(stored)).not.toContain(secret);
  }
});

test('a deleted source takes nothing more', async () => {
  const source = await make();
  expect((await api.bob.call('DELETE', `/v1/inbounds/${source.id}`)).status).toBe(404);
  expect((await api.ada.call('DELETE', `/v1/inbounds/${source.id}`)).body).toEqual({ id: source.id, isDeleted: true });
  expect((await send(source.path, order('x@example.com'))).status).toBe(404);
});

test('a source takes 600 messages a minute; the next ones are told to wait', async () => {
  const source = await make();
  const codes: number[] = [];
  const sendMany = async (): Promise<void> => {
    while (codes.length < 610) codes.push((await send(source.path, '{')).status);
  };
  await Promise.all(Array.from({ length: 10 }, sendMany));
  expect(codes.filter((status) => status === 400)).toHaveLength(600);
  const { status, headers } = await send(source.path, '{');
  expect(status).toBe(429);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await send((await make()).path, '{')).status).toBe(400);
});
