import { expect, test } from '@jest/globals';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { cutJson } from '../cut-json';
import { type KeyRing, openKeyRing } from './key-ring';
import { newSecretKey, parseSecretKeys } from './parse-keys';
import { buildPayloadCodec, payloadKeyId } from './payload-codec';

const ring = (...keys: string[]): KeyRing => openKeyRing(parseSecretKeys(keys.join(',')).keys ?? []);
const [ONE, TWO] = [newSecretKey('one'), newSecretKey('two')];
const toPayload = (value: unknown): Payload => defaultPayloadConverter.toPayload(value) as Payload;
const fromPayload = (payload: Payload | undefined) => defaultPayloadConverter.fromPayload(payload as Payload);

test('payloads come back as they were, encrypted meanwhile', async () => {
  const codec = buildPayloadCodec(ring(ONE));
  const values = [{ name: 'secret-ada', list: [1, null] }, 'secret-text', undefined, new Uint8Array([0, 255])];
  const encoded = await codec.encode(values.map(toPayload));
  expect(Buffer.concat(encoded.map(({ data }) => data ?? Buffer.alloc(0))).includes('secret')).toBe(false);
  expect(encoded.map(payloadKeyId)).toEqual(['one', 'one', 'one', 'one']);
  expect((await codec.decode(encoded)).map(fromPayload)).toEqual(values);
});

test('payloads of before the encryption are read as they are', async () => {
  const plain = [toPayload({ a: 1 }), toPayload(undefined)];
  expect(await buildPayloadCodec(ring(ONE)).decode(plain)).toEqual(plain);
});

test('payloads of an older key are read with any key of the list, and not without it', async () => {
  const encoded = await buildPayloadCodec(ring(ONE)).encode([toPayload('x')]);
  expect((await buildPayloadCodec(ring(TWO, ONE)).decode(encoded)).map(fromPayload)).toEqual(['x']);
  await expect(buildPayloadCodec(ring(TWO)).decode(encoded)).rejects.toThrow('Its key "one" is not in SECRET_KEYS.');
});

test('the longest summary fits the 400 bytes that Temporal takes, whatever the title and the key', async () => {
  const codec = buildPayloadCodec(ring(newSecretKey('k'.repeat(32))));
  for (const title of [
    'x'.repeat(300),
    'ü'.repeat(300),
    '語'.repeat(300),
    '🦁'.repeat(300),
    '"'.repeat(300),
    '\u0001'.repeat(300),
  ]) {
    const summary = `Wait: ${cutJson(title, 150)}, until 2026-01-01T00:00:00.000Z`.slice(0, 150);
    const [payload] = await codec.encode([toPayload(summary)]);
    expect(temporal.api.common.v1.Payload.encode(payload ?? {}).finish().length).toBeLessThanOrEqual(400);
  }
});

test('a text is cut between characters, and a short one stays', () => {
  expect(cutJson('Ada', 150)).toBe('Ada');
  expect(cutJson('🦁🦁', 7)).toBe('🦁');
  expect(cutJson('a"b', 2)).toBe('a');
});
