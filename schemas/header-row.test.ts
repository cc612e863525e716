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
