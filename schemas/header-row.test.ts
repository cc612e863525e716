import { expect, test } from '@jest/globals';
import { headerRow, isSecretName } from './header-row';

test.each([
  'Authorization',
  'Proxy-Authorization',
  'Cookie',
  'Set-Cookie',
  'Api-Key',
  'Api-Appid',
  'X-Api-Key',
  'apikey',
  'X-Auth-Token',
  'Private-Token',
  'X-Vault-Token',
  'X-Shopify-Access-Token',
  'X-Client-Secret',
  'X-Password',
  'AWS-Access-Key',
])('%s is secret whatever the row says', (name) => {
  expect(isSecretName(name)).toBe(true);
  expect(headerRow.parse({ name, value: 'x', isSecret: false }).isSecret).toBe(true);
});

test.each(['X-Source', 'Content-Type', 'X-Author', 'X-Monkey', 'X-Token-Type', 'Accept', 'X-Tokenizer'])(
  '%s is secret only when the row says so',
  (name) => {
    expect(headerRow.parse({ name, value: 'x' }).isSecret).toBe(false);
  },
);

test('a secret row may leave out its value, another may not', () => {
  expect(headerRow.parse({ name: 'X-Mine', isSecret: true })).toEqual({ name: 'X-Mine', value: '', isSecret: true });
  expect(headerRow.safeParse({ name: 'X-Mine' }).error?.issues).toMatchObject([
    { path: ['value'], message: 'must be given' },
  ]);
});

test('Content-Type is no secret', () => {
  const { error } = headerRow.safeParse({ name: 'Content-Type', value: 'text/plain', isSecret: true });
  expect(error?.issues[0]).toMatchObject({ path: ['isSecret'] });
});

test.each(['line\nbreak', 'carriage\rreturn', 'end\r\nX-Evil: 1', 'null\0'])(
  'a value with %j in it is refused',
  (value) => {
    expect(headerRow.safeParse({ name: 'X-Mine', value }).error?.issues).toMatchObject([
      { path: ['value'], message: 'must be one line' },
    ]);
  },
);

test.each(['', 'X Mine', 'X-Mine:', 'X-Mine\r\nX-Evil', 'X-Größe', 'x'.repeat(101)])('%j is no header name', (name) => {
  expect(headerRow.safeParse({ name, value: 'x' }).error?.issues[0]).toMatchObject({ path: ['name'] });
});

test.each([
  'Host',
  'content-length',
  'Transfer-Encoding',
  'Connection',
  'Idempotency-Key',
  'Keep-Alive',
  'Upgrade',
  'Expect',
  'TE',
  'Trailer',
  'webhook-id',
  'Webhook-Signature',
  'WEBHOOK-ANYTHING',
])('%s is set by the sender itself and refused', (name) => {
  expect(headerRow.safeParse({ name, value: 'x' }).error?.issues).toMatchObject([
    { path: ['name'], message: 'is set by Hookline itself; choose another name' },
  ]);
});
