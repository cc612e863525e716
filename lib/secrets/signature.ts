import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** What a signature covers. */
export interface SignedMessage {
  /** The delivery's id: the same over all attempts */
  id: string;
  /** Unix seconds at which this attempt leaves */
  timestampSeconds: number;
  /** As it is sent; '' without a body */
  body: string;
}

/** A new signing secret: `whsec_` and the base64 of 32 random bytes. */
export const newSigningSecret = (): string => `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;

/** The text that is signed; a receiver builds the same from headers and body. */
export const signatureBase = ({ id, timestampSeconds, body }: SignedMessage): string =>
  `${id}.${timestampSeconds}.${body}`;

/**
 * The header `webhook-signature`: one `v1,<base64>` for each secret, separated by spaces. A receiver accepts the message
 * when any of them is right, so that a secret can be replaced without a gap.
 *
 * @param secrets as `newSigningSecret` makes them
 * @throws never
 * @source https://www.standardwebhooks.com, docs/delivery.md#signatures
 */
export function sign(message: SignedMessage, secrets: readonly string[]): string {
  const base = signatureBase(message);
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(PREFIX, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(base, 'utf8').digest('base64')}`;
  });
  return signatures.join(' ');
}
