import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { newSigningSecret, sign } from './signature';
import { checkHmac, checkStandardSignature } from './verify-signature';

const NOW = 1_790_000_000;
const secret = newSigningSecret();
const body = Buffer.from('{"name":"Ada ü"}');
const headersOf = (timestampSeconds: number, more: Record<string, string> = {}): Record<string, string> => ({
  'webhook-id': 'msg_1',
  'webhook-timestamp': String(timestampSeconds),
  'webhook-signature': sign({ id: 'msg_1', timestampSeconds, body: body.toString() }, [secret]),
  ...more,
});
const check = (headers: Record<string, string>, given = body) =>
  checkStandardSignature({ body: given, headerOf: (name) => headers[name] }, secret, NOW);

test('a Standard Webhooks signature is right within five minutes, also among others', () => {
  expect(check(headersOf(NOW))).toBeNull();
  expect(check(headersOf(NOW - 300))).toBeNull();
  expect(check(headersOf(NOW + 300))).toBeNull();
  expect(
    check({ ...headersOf(NOW), 'webhook-signature': `v1,AAAA ${headersOf(NOW)['webhook-signature']}` }),
  ).toBeNull();
});

test('an old, changed, unsigned or otherwise signed message is refused with the reason', () => {
  expect(check(headersOf(NOW - 301))).toMatch(/within 5 minutes/);
  expect(check(headersOf(NOW + 301))).toMatch(/within 5 minutes/);
  expect(check(headersOf(NOW, { 'webhook-timestamp': 'now' }))).toMatch(/within 5 minutes/);
  expect(check(headersOf(NOW), Buffer.from('{}'))).toMatch(/is not the signature/);
  expect(check(headersOf(NOW, { 'webhook-id': 'msg_2' }))).toMatch(/is not the signature/);
  expect(check({})).toMatch(/must be given/);
});

test('an HMAC of the body is taken as hex or base64, with or without its prefix, and nothing else', () => {
  const digest = createHmac('sha256', 'shared secret').update(body).digest();
  const checkOf = (value: string | undefined) =>
    checkHmac(
      { body, headerOf: (name) => (name === 'x-signature' ? value : undefined) },
      { header: 'X-Signature', secret: 'shared secret' },
    );
  for (const text of [digest.toString('hex'), digest.toString('hex').toUpperCase(), digest.toString('base64')]) {
    expect(checkOf(text)).toBeNull();
    expect(checkOf(`sha256=${text}`)).toBeNull();
  }
  expect(checkOf(digest.toString('hex').slice(1))).toMatch(/is not the signature/);
  expect(checkOf(undefined)).toMatch(/X-Signature must be given/);
});
