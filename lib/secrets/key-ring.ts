import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { AppError } from '../errors';

/** A key of the setting `SECRET_KEYS`: an id that travels with what it seals, and 32 bytes. */
export interface SecretKey {
  id: string;
  bytes: Buffer;
}

/** Keys that seal: the first one, and open: all. */
export interface KeyRing {
  /** Id of the key that seals */
  readonly currentId: string;
  readonly ids: readonly string[];
  /** @param context says what is sealed and whose it is; the same is needed to open. @throws never */
  seal(plain: Uint8Array, context: string): Buffer;
  /** @throws AppError `secret.unreadable` for an unknown key, another context, or bytes that were changed */
  open(sealed: Uint8Array, keyId: string, context: string): Buffer;
}

const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = SALT_BYTES + NONCE_BYTES;

/**
 * AES-256-GCM over a list of keys. Each sealing has a key of its own, made from the listed key and a random salt, so
 * that one listed key may seal without a bound on the number of messages.
 *
 * Sealed bytes: salt (16), nonce (12), ciphertext, tag (16). Key id and context are authenticated with them.
 *
 * @param keys at least one, ids unique; see `parseSecretKeys`
 * @throws Error for an empty list
 */
export function openKeyRing(keys: readonly SecretKey[]): KeyRing {
  const [current] = keys;
  if (!current) throw new Error('a key ring needs at least one key');
  const known = new Map(keys.map(({ id, bytes }) => [id, bytes]));
  return {
    currentId: current.id,
    ids: [...known.keys()],
    seal(plain, context) {
      const head = randomBytes(HEAD_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keyOf(current.bytes, head), nonceOf(head));
      cipher.setAAD(boundTo(current.id, context));
      return Buffer.concat([head, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, keyId, context) {
      const bytes = known.get(keyId);
      if (!bytes) throw unreadable(`Its key "${keyId}" is not in SECRET_KEYS.`);
      const head = sealed.subarray(0, HEAD_BYTES);
      try {
        const decipher = createDecipheriv('aes-256-gcm', keyOf(bytes, head), nonceOf(head), {
          authTagLength: TAG_BYTES,
        });
        decipher.setAAD(boundTo(keyId, context));
        decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
        return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES, -TAG_BYTES)), decipher.final()]);
      } catch (error) {
        throw unreadable(`The key "${keyId}" of SECRET_KEYS does not open it.`, error);
      }
    },
  };
}

const keyOf = (bytes: Buffer, head: Uint8Array): Buffer =>
  createHmac('sha256', bytes).update(head.subarray(0, SALT_BYTES)).digest();
const nonceOf = (head: Uint8Array): Uint8Array => head.subarray(SALT_BYTES, HEAD_BYTES);
const boundTo = (keyId: string, context: string): Buffer => Buffer.from(`hookline\n${keyId}\n${context}`);

const unreadable = (detail: string, cause?: unknown): AppError =>
  new AppError('secret.unreadable', { detail }, cause === undefined ? {} : { cause });
