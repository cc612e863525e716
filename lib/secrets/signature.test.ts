import { expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { newSigningSecret, sign, signatureBase } from './signature';

const timestampSeconds = Math.floor(Date.now() / 1000);
const message = (body: string) => ({ id: 'dlv_1', timestampSeconds, body });
const headersOf = (body: string, ...secrets: string[]) => ({
  'webhook-id': 'dlv_1',
  'webhook-timestamp': String(timestampSeconds),
  'webhook-signature': sign(message(body), secrets),
});

test.each(['{"name":"Ada"}', 'Name=Ada+L%C3%B6we', 'Löwe 🦁 \u2028', '{}'])(
  'a signature over %j is the one that the official library makes',
  (body) => {
    const secret = newSigningSecret();
    const official = new Webhook(secret).sign('dlv_1', new Date(timestampSeconds * 1000), body);
    expect(sign(message(body), [secret])).toBe(official);
  },
);

test('no body is signed as the empty text', () => {
  const secret = newSigningSecret();
  expect(signatureBase(message(''))).toBe(`dlv_1.${timestampSeconds}.`);
  expect(sign(message(''), [secret])).toBe(new Webhook(secret).sign('dlv_1', new Date(timestampSeconds * 1000), ''));
});

test('with two secrets a receiver that has either verifies, and one that has neither does not', () => {
  const [fresh, old, other] = [newSigningSecret(), newSigningSecret(), newSigningSecret()];
  const headers = headersOf('{"a":1}', fresh, old);
  expect(headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{43}= v1,[A-Za-z0-9+/]{43}=$/);
  for (const secret of [fresh, old]) expect(new Webhook(secret).verify('{"a":1}', headers)).toEqual({ a: 1 });
  expect(() => new Webhook(other).verify('{"a":1}', headers)).toThrow(/No matching signature/);
  expect(() => new Webhook(fresh).verify('{"a":2}', headers)).toThrow(/No matching signature/);
});

test('a secret is whsec_ and 32 random bytes', () => {
  expect(newSigningSecret()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(newSigningSecret()).not.toBe(newSigningSecret());
});
