import { missingSecrets } from '../../domain/keep-secrets';
import type { KeyRing } from '../../lib/secrets/key-ring';
import { newSigning, sealRow } from '../../lib/secrets/webhook-secrets';
import type { AccountId, WebhookId } from '../../schemas/ids';
import type { WebhookSettings } from '../../schemas/webhook';
import type { Database, Session } from '../../store/database';
import { insertWebhook } from '../../store/webhooks';

/** A webhook that a map file brought. Secret headers come without their values: it says which, and nothing is sent before they are there. */
export async function importWebhook(
  db: Database,
  session: Session,
  given: { keys: KeyRing; accountId: AccountId; settings: WebhookSettings },
): Promise<{ id: WebhookId; name: string; signingSecret: string; headersToFill: string[] }> {
  const { keys, accountId } = given;
  const { secret, signing } = newSigning(keys, accountId);
  const headers = given.settings.headers.map((row) => sealRow(keys, accountId, row));
  const settings = { ...given.settings, headers };
  const { _id: id } = await insertWebhook(db, session, { accountId, settings, signing });
  return { id, name: settings.name, signingSecret: secret, headersToFill: missingSecrets(headers) };
}
