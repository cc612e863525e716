import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { newSecretKey } from '../lib/secrets/parse-keys';
import { buildPayloadCodec } from '../lib/secrets/payload-codec';
import { testKeys } from '../tests/servers/open-system';
import { CODEC_TOKEN, openTestApi, type TestApi } from '../tests/servers/open-test-api';

const { Payloads } = temporal.api.common.v1;
const UI = 'http://127.0.0.1:8233';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ uiUrl: UI });
});
afterAll(() => api.close());

/** Payloads as Temporal's Web UI sends them. */
const encrypt = async (keys = api.system.keys, ...values: unknown[]): Promise<object> => {
  const plain = values.map((value) => defaultPayloadConverter.toPayload(value) as Payload);
  return Payloads.create({ payloads: await buildPayloadCodec(keys).encode(plain) }).toJSON();
};
const decode = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${api.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const textsOf = async (response: Response): Promise<string[]> => {
  const { payloads } = (await response.json()) as { payloads: { data: string }[] };
  return payloads.map(({ data }) => Buffer.from(data, 'base64').toString());
};

test('payloads are decoded for the token in the path, and for it as Bearer', async () => {
  const sealed = await encrypt(undefined, 'Webhook: Send to CRM', { a: 1 });
  const bearer = { authorization: `Bearer ${CODEC_TOKEN}` };
  for (const [path, headers] of [
    [`/codec/${CODEC_TOKEN}/decode`, {}],
    ['/codec/decode', bearer],
  ] as const) {
    const response = await decode(path, sealed, headers);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await textsOf(response)).toEqual(['"Webhook: Send to CRM"', '{"a":1}']);
  }
});

test.each([
  ['no token', '/codec/decode', {}, 401],
  ['another token', '/codec/decode', { authorization: 'Bearer nobody' }, 401],
  ['another scheme', '/codec/decode', { authorization: `Basic ${CODEC_TOKEN}` }, 401],
  ['another token in the path', '/codec/nobody/decode', {}, 404],
  ['an API key instead', '/codec/decode', { 'api-key': 'ada' }, 401],
])('with %s nothing is decoded', async (_what, path, headers, status) => {
  const more = 'api-key' in headers ? { 'api-key': api.ada.apiKey, 'api-appid': api.ada.account.appId } : headers;
  const response = await decode(path, await encrypt(undefined, 'plain-words'), more);
  expect(response.status).toBe(status);
  expect(await response.text()).not.toContain(Buffer.from('"plain-words"').toString('base64'));
});

test("the Web UI's origin may ask, under both names of this machine; another may not", async () => {
  const preflight = (origin: string, path = `/codec/${CODEC_TOKEN}/decode`) =>
    fetch(`${api.url}${path}`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-namespace,authorization',
      },
    });
  for (const origin of [UI, 'http://localhost:8233']) {
    const { status, headers } = await preflight(origin);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-allow-headers')).toBe('content-type,x-namespace,authorization');
  }
  expect((await preflight(UI, '/codec/decode')).headers.get('access-control-allow-origin')).toBe(UI);
  for (const origin of ['http://127.0.0.1:8234', 'https://evil.example'])
    expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
  const answered = await decode(`/codec/${CODEC_TOKEN}/decode`, await encrypt(undefined, 'x'), { origin: UI });
  expect(answered.headers.get('access-control-allow-origin')).toBe(UI);
});

test('a payload that no key opens stays as it is, and the others are decoded', async () => {
  const own = (await encrypt(undefined, 'ours')) as { payloads: object[] };
  const strange = (await encrypt(testKeys(newSecretKey('strange')), 'theirs')) as { payloads: object[] };
  const response = await decode(`/codec/${CODEC_TOKEN}/decode`, { payloads: [...strange.payloads, ...own.payloads] });
  const { payloads } = (await response.json()) as { payloads: object[] };
  expect(payloads[0]).toEqual(strange.payloads[0]);
  expect(Buffer.from((payloads[1] as { data: string }).data, 'base64').toString()).toBe('"ours"');
});

test('what is no list of payloads is refused, not an error of ours', async () => {
  for (const body of [{}, { payloads: 'x' }, { payloads: [null] }, { payloads: [{ metadata: 1, data: 2 }] }, []]) {
    const { status } = await decode(`/codec/${CODEC_TOKEN}/decode`, body);
    expect([body, status < 500]).toEqual([body, true]);
  }
});
