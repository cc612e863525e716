import { randomBytes } from 'node:crypto';
import type { SecretKey } from './key-ring';

const KEY_BYTES = 32;
const SHAPE = 'must be id:key pairs separated by commas, each key the base64 of 32 bytes (openssl rand -base64 32)';

/**
 * The keys of the setting `SECRET_KEYS`: `id:base64[,id2:base64]`, the first one sealing.
 *
 * @returns the keys in their order, or what is wrong, without ever repeating a key
 * @throws never
 */
export function parseSecretKeys(text: string): { keys: SecretKey[]; mistake: null } | { keys: null; mistake: string } {
  const keys: SecretKey[] = [];
  for (const [index, part] of text.split(',').entries()) {
    const [, id = '', given = ''] = /^\s*([A-Za-z0-9_-]{1,32}):(\S+)\s*$/.exec(part) ?? [];
    if (id === '')
      return { keys: null, mistake: `${SHAPE}; pair ${index + 1} is not (ids are 1 to 32 of A-Z a-z 0-9 _ -)` };
    const bytes = Buffer.from(given, 'base64');
    const isBase64 = /^[A-Za-z0-9+/_-]+={0,2}$/.test(given);
    if (!isBase64 || bytes.length !== KEY_BYTES)
      return { keys: null, mistake: `${SHAPE}; key "${id}" is ${isBase64 ? `${bytes.length} bytes` : 'no base64'}` };
    if (keys.some((key) => key.id === id))
      return { keys: null, mistake: `names the key "${id}" twice; give each its own id` };
    keys.push({ id, bytes });
  }
  return { keys, mistake: null };
}

/** A new key as `SECRET_KEYS` takes it. @param id 1 to 32 of A-Z a-z 0-9 _ - */
export const newSecretKey = (id: string): string => `${id}:${randomBytes(KEY_BYTES).toString('base64')}`;
