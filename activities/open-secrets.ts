import { missingSecrets } from '../domain/keep-secrets';
import { openRow, openSigning, type Signer } from '../lib/secrets/webhook-secrets';
import { isSecretRow } from '../schemas/header-row';
import type { StoredWebhook, WebhookSettings } from '../schemas/webhook';
import { ensureSigning } from '../store/webhook-secrets';
import type { Dependencies } from './dependencies';

/** The secrets of a webhook, readable: for one attempt, in memory only. */
export interface OpenedSecrets {
  /** Settings to render by, the values of secret headers filled in */
  settings: WebhookSettings;
  /** Sign the request; none when the webhook does not sign */
  signers: Signer[];
  /** Lower-case names of the headers that the log masks */
  secretNames: ReadonlySet<string>;
  /** Why nothing can be sent: secret headers that have no value yet */
  problem: string | null;
}

/**
 * Opens what a webhook needs to send. One of before signatures gets its signing secret here.
 *
 * @throws AppError `secret.unreadable`, MongoDB's errors
 */
export async function openSecrets(
  { db, keys }: Pick<Dependencies, 'db' | 'keys'>,
  stored: StoredWebhook,
): Promise<OpenedSecrets> {
  const isSigned = stored.settings.isSigned !== false;
  const { accountId, settings, signing } = isSigned ? await ensureSigning(db, keys, stored) : stored;
  const [missing] = missingSecrets(settings.headers);
  return {
    settings: { ...settings, headers: settings.headers.map((row) => openRow(keys, accountId, row)) },
    signers: isSigned && signing ? openSigning(keys, accountId, signing) : [],
    secretNames: new Set(settings.headers.filter(isSecretRow).map(({ name }) => name.toLowerCase())),
    problem:
      missing === undefined ? null : `the secret header ${missing} has no value yet; edit the webhook to give it`,
  };
}
