import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { KeyRing } from './key-ring';

const PayloadProto = temporal.api.common.v1.Payload;
const ENCODING = Buffer.from('binary/encrypted');
/** Short, since it travels with each payload and a summary has 400 bytes in all */
const KEY_ID = 'key';
const CONTEXT = 'temporal payload';

/** The key id of an encrypted payload; null for one that is not encrypted. */
export function payloadKeyId({ metadata }: Payload): string | null {
  if (!metadata?.encoding || ENCODING.compare(metadata.encoding) !== 0) return null;
  return Buffer.from(metadata[KEY_ID] ?? []).toString();
}

/**
 * Encrypts everything that travels through Temporal. Payloads that are not encrypted are read as they are: those of
 * before, and those of tools.
 *
 * @returns `decode` throws AppError `secret.unreadable`
 */
export const buildPayloadCodec = (keys: KeyRing): PayloadCodec => ({
  encode: async (payloads) =>
    payloads.map((payload) => ({
      metadata: { encoding: ENCODING, [KEY_ID]: Buffer.from(keys.currentId) },
      data: keys.seal(PayloadProto.encode(payload).finish(), CONTEXT),
    })),
  decode: async (payloads) =>
    payloads.map((payload) => {
      const keyId = payloadKeyId(payload);
      if (keyId === null || !payload.data) return payload;
      return PayloadProto.decode(keys.open(payload.data, keyId, CONTEXT)) as Payload;
    }),
});

/** Where Temporal's library loads the failure converter from. */
export const FAILURE_CONVERTER = require.resolve('./failure-converter');

/** How every client and worker of ours turns values into payloads. */
export const buildDataConverter = (keys: KeyRing): DataConverter => ({
  payloadCodecs: [buildPayloadCodec(keys)],
  failureConverterPath: FAILURE_CONVERTER,
});
