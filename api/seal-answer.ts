import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';

const NONCE = Buffer.alloc(12);
const TAG_BYTES = 16;

/**
 * Seals an answer that holds a secret, to be kept for repeats of its request. Each sealing has a key of its own, made
 * from the pepper and the name of the request, so one nonce is enough.
 *
 * @param name names the request, and is never used for another answer that is kept
 */
export function sealAnswer(text: string, pepper: string, name: string): string {
  const cipher = createCipheriv('aes-256-gcm', keyOf(pepper, name), NONCE);
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** @throws Error when it was sealed under another pepper or name */
export function openAnswer(sealed: string, pepper: string, name: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', keyOf(pepper, name), NONCE);
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
}

const keyOf = (pepper: string, name: string): Buffer => createHmac('sha256', pepper).update(`answer ${name}`).digest();
