import { AppError } from '../lib/errors';
import type { KeyRing } from '../lib/secrets/key-ring';
import { openText } from '../lib/secrets/seal';
import type { StoredInbound } from '../schemas/inbound';
import type { StoredWebhook } from '../schemas/webhook';
import type { Database } from './database';
import { INBOUNDS } from './inbounds';
import { WEBHOOKS } from './webhooks';

/**
 * Refuses keys that do not open what is stored, before anything is sent or sealed with them: each key is tried on one
 * stored secret.
 *
 * @throws AppError `setting.invalid`
 */
export async function checkSecretKeys(db: Database, keys: KeyRing): Promise<void> {
  const sealedWith = (pattern: RegExp | { $not: RegExp }): Promise<StoredWebhook | null> =>
    db
      .model(WEBHOOKS)
      .findOne({
        'signing.sealed': { $exists: true, ...(pattern instanceof RegExp ? { $regex: pattern } : pattern) },
      } as object)
      .lean<StoredWebhook>();
  const wrong: string[] = [];
  const byOthers = { $not: new RegExp(`^sealed\\.v1\\.(${keys.ids.join('|')})\\.`) };
  const stranger = await sealedWith(byOthers);
  const source = await db
    .model(INBOUNDS)
    .findOne({ sealedSecret: { $type: 'string', ...byOthers } } as object)
    .lean<StoredInbound>();
  const strangerId = (stranger?.signing?.sealed ?? source?.sealedSecret)?.split('.')[2];
  if (strangerId) wrong.push(`it lacks the key "${strangerId}", which stored secrets are sealed with`);
  for (const id of keys.ids) {
    const webhook = await sealedWith(new RegExp(`^sealed\\.v1\\.${id}\\.`));
    if (webhook?.signing && !isOpened(keys, webhook.signing.sealed, webhook.accountId))
      wrong.push(`its key "${id}" is not the one that stored secrets are sealed with`);
  }
  if (wrong.length > 0) throw new AppError('setting.invalid', { detail: `SECRET_KEYS: ${wrong.join('; ')}` });
}

function isOpened(keys: KeyRing, sealed: string, accountId: string): boolean {
  try {
    openText(keys, sealed, { accountId, purpose: 'webhook.signing-secret' });
    return true;
  } catch {
    return false;
  }
}
