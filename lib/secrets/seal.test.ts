import { expect, test } from '@jest/globals';
import { type KeyRing, openKeyRing } from './key-ring';
import { newSecretKey, parseSecretKeys } from './parse-keys';
import { openText, type SealedFor, sealedBy, sealText } from './seal';

const ring = (...keys: string[]): KeyRing => openKeyRing(parseSecretKeys(keys.join(',')).keys ?? []);
const [ONE, TWO] = [newSecretKey('one'), newSecretKey('two')];
const of: SealedFor = { accountId: 'acc_1', purpose: 'webhook.header' };
const TEXT = 'Bearer [Token] ü 🔑';

test('what is sealed opens to the same text, and holds nothing of it', () => {
  const sealed = sealText(ring(ONE), TEXT, of);
  expect(openText(ring(ONE), sealed, of)).toBe(TEXT);
  expect(sealed).toMatch(/^sealed\.v1\.one\.[A-Za-z0-9_-]+$/);
  expect(Buffer.from(sealed.split('.')[3] ?? '', 'base64url').includes('Bearer')).toBe(false);
});

test('two sealings of one text have nothing in common', () => {
  const [a, b] = [sealText(ring(ONE), TEXT, of), sealText(ring(ONE), TEXT, of)].map((text) => text.split('.')[3] ?? '');
  expect(a?.slice(0, 20)).not.toBe(b?.slice(0, 20));
  expect(a?.slice(-20)).not.toBe(b?.slice(-20));
});

test('the first key seals, and every key opens', () => {
  const old = sealText(ring(ONE), TEXT, of);
  const both = ring(TWO, ONE);
  expect(openText(both, old, of)).toBe(TEXT);
  expect(sealedBy(sealText(both, TEXT, of))).toBe('two');
});

test.each([
  ['another account', { ...of, accountId: 'acc_2' }],
  ['another purpose', { ...of, purpose: 'webhook.signing-secret' as const }],
])('a sealed text does not open for %s', (_what, other) => {
  const sealed = sealText(ring(ONE), TEXT, of);
  expect(() => openText(ring(ONE), sealed, other)).toThrow('The key "one" of SECRET_KEYS does not open it.');
});

test('a missing key is named, and other bytes under its id do not open', () => {
  const sealed = sealText(ring(ONE), TEXT, of);
  expect(() => openText(ring(TWO), sealed, of)).toThrow('Its key "one" is not in SECRET_KEYS.');
  expect(() => openText(ring(newSecretKey('one')), sealed, of)).toThrow(/does not open it/);
});

test('each changed character keeps a sealed text shut', () => {
  const sealed = sealText(ring(ONE), 'x', of);
  const start = sealed.lastIndexOf('.') + 1;
  for (let at = start; at < sealed.length - 1; at++) {
    const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
    expect(() => openText(ring(ONE), changed, of)).toThrow(/cannot be opened/);
  }
});

test.each(['', 'plain', 'sealed.v1.one.', 'sealed.v1.one.AAAA', 'sealed.v2.one.AAAA'])(
  '%j is refused with the code secret.unreadable',
  (text) => {
    expect(() => openText(ring(ONE), text, of)).toThrow(expect.objectContaining({ code: 'secret.unreadable' }));
  },
);
