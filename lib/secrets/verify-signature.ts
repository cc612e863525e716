import { createHmac } from 'node:crypto';
import { isSameText } from '../ids';
import { sign } from './signature';

/** How old, or how far ahead, a signed message may be. Source: https://www.standardwebhooks.com */
const TOLERANCE_SECONDS = 5 * 60;

/** Headers of a message by lower-case name. */
type HeaderOf = (name: string) => string | undefined;

/**
 * What is wrong with the Standard Webhooks signature of a message.
 *
 * @param secret     as `newSigningSecret` makes it; only the base64 behind its prefix counts
 * @param nowSeconds Unix seconds
 * @returns null when it is right
 * @throws never
 * @source https://www.standardwebhooks.com, docs/inbound.md#signatures
 */
export function checkStandardSignature(
  message: { body: Buffer; headerOf: HeaderOf },
  secret: string,
  nowSeconds: number,
): string | null {
  const { headerOf, body } = message;
  const [id, timestamp, given] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(headerOf);
  if (!id || !timestamp || !given)
    return 'The headers webhook-id, webhook-timestamp and webhook-signature must be given.';
  const timestampSeconds = Number(timestamp);
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(nowSeconds - timestampSeconds) > TOLERANCE_SECONDS)
    return 'webhook-timestamp must be within 5 minutes of now, in Unix seconds.';
  const right = sign({ id, timestampSeconds, body: body.toString('utf8') }, [secret]);
  return given
    .split(' ')
    .slice(0, 20)
    .some((one) => isSameText(one, right))
    ? null
    : 'webhook-signature is not the signature of this message.';
}

/**
 * The same for a header that holds the HMAC-SHA256 of the body, as hex or base64, with or without `sha256=` before it.
 *
 * @param secret its characters are the key
 * @throws never
 */
export function checkHmac(
  message: { body: Buffer; headerOf: HeaderOf },
  { header, secret }: { header: string; secret: string },
): string | null {
  const given = message.headerOf(header.toLowerCase())?.replace(/^sha256=/i, '');
  if (!given) return `The header ${header} must be given.`;
  const digest = createHmac('sha256', secret).update(message.body).digest();
  const isRight =
    isSameText(given.toLowerCase(), digest.toString('hex')) || isSameText(given, digest.toString('base64'));
  return isRight ? null : `${header} is not the signature of this message.`;
}
