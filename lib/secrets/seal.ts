import { AppError } from '../errors';
import type { KeyRing } from './key-ring';

/** What a sealed text is bound to: moved to another account or put to another use, it does not open. */
export interface SealedFor {
  accountId: string;
  purpose: 'webhook.header' | 'webhook.signing-secret' | 'inbound.secret';
}

const SHAPE = /^sealed\.v1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]+)$/;

/** A text as it is stored: `sealed.v1.<key id>.<base64url>`. @throws never */
export const sealText = (keys: KeyRing, text: string, of: SealedFor): string =>
  `sealed.v1.${keys.currentId}.${keys.seal(Buffer.from(text, 'utf8'), contextOf(of)).toString('base64url')}`;

/** The text that was sealed. @throws AppError `secret.unreadable` */
export function openText(keys: KeyRing, sealed: string, of: SealedFor): string {
  const [, keyId = '', bytes = ''] = SHAPE.exec(sealed) ?? [];
  if (keyId === '') throw new AppError('secret.unreadable', { detail: 'It is not sealed.' });
  return keys.open(Buffer.from(bytes, 'base64url'), keyId, contextOf(of)).toString('utf8');
}

/** Id of the key that a text is sealed with; null for a text that is not sealed. */
export const sealedBy = (text: string): string | null => SHAPE.exec(text)?.[1] ?? null;

const contextOf = ({ accountId, purpose }: SealedFor): string => `${purpose}\n${accountId}`;
