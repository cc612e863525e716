import { type HeaderRow, isSecretRow } from '../../schemas/header-row';
import type { AccountId } from '../../schemas/ids';
import type { StoredSigning } from '../../schemas/webhook';
import type { KeyRing } from './key-ring';
import { openText, sealedBy, sealText } from './seal';
import { newSigningSecret } from './signature';

/** A secret that signs, and until when. */
export interface Signer {
  secret: string;
  /** null: for good */
  until: Date | null;
}

/** A new signing secret: as it is shown once, and as it is stored. */
export function newSigning(keys: KeyRing, accountId: AccountId): { secret: string; signing: StoredSigning } {
  const secret = newSigningSecret();
  const sealed = sealText(keys, secret, { accountId, purpose: 'webhook.signing-secret' });
  return { secret, signing: { sealed, previous: null } };
}

/** A header row as it is stored: the value of a secret one sealed, '' left as it is. */
export const sealRow = (keys: KeyRing, accountId: AccountId, row: HeaderRow): HeaderRow =>
  isSecretRow(row) && row.value !== ''
    ? { ...row, isSecret: true, value: sealText(keys, row.value, { accountId, purpose: 'webhook.header' }) }
    : row;

/** A stored row with its value readable. One of before secrets were sealed is as it is. @throws AppError `secret.unreadable` */
export const openRow = (keys: KeyRing, accountId: AccountId, row: HeaderRow): HeaderRow =>
  isSecretRow(row) && sealedBy(row.value) !== null
    ? { ...row, value: openText(keys, row.value, { accountId, purpose: 'webhook.header' }) }
    : row;

/** What a webhook signs with, the newest first. @throws AppError `secret.unreadable` */
export function openSigning(keys: KeyRing, accountId: AccountId, signing: StoredSigning): Signer[] {
  const open = (sealed: string): string => openText(keys, sealed, { accountId, purpose: 'webhook.signing-secret' });
  const { sealed, previous } = signing;
  return [
    { secret: open(sealed), until: null },
    ...(previous ? [{ secret: open(previous.sealed), until: previous.until }] : []),
  ];
}
