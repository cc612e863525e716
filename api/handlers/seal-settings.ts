import { keepSecrets } from '../../domain/keep-secrets';
import type { KeyRing } from '../../lib/secrets/key-ring';
import { sealRow } from '../../lib/secrets/webhook-secrets';
import type { AccountId } from '../../schemas/ids';
import type { StoredWebhook, WebhookSettings } from '../../schemas/webhook';
import { refuse } from '../problem';

/**
 * Settings as they are stored: values of secret headers sealed, those left out taken from the webhook as it was.
 *
 * @throws AppError `request.invalid` for a secret header that has no value
 */
export function sealSettings(
  keys: KeyRing,
  given: { accountId: AccountId; settings: WebhookSettings; before: StoredWebhook | null },
): WebhookSettings {
  const { accountId, settings, before } = given;
  const { rows, problems } = keepSecrets(settings.headers, before?.settings.headers ?? []);
  refuse(problems, 'settings.');
  return { ...settings, headers: rows.map(({ row, isKept }) => (isKept ? row : sealRow(keys, accountId, row))) };
}
