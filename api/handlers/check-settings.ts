import { checkUrl } from '../../domain/check-url';
import { checkWebhook } from '../../domain/check-webhook';
import type { StoredAccount } from '../../schemas/account';
import type { RequestOverride } from '../../schemas/delivery';
import type { Problem } from '../../schemas/problem';
import type { WebhookSettings } from '../../schemas/webhook';
import type { Session } from '../../store/database';
import { listObjectTypes } from '../../store/object-types';
import type { Api } from '../parts';
import { invalid } from '../problem';

/** What keeps these webhooks from being saved; the object types they name are read once for all of them. */
export async function checkSettings(
  { db, isHostBlocked }: Pick<Api, 'db' | 'isHostBlocked'>,
  session: Session,
  account: StoredAccount,
  webhooks: readonly WebhookSettings[],
): Promise<Problem[][]> {
  if (webhooks.length === 0) return [];
  const types = new Map((await listObjectTypes(db, account._id, session)).map((type) => [type.objectTypeId, type]));
  return webhooks.map((settings) => {
    const type = types.get(settings.objectTypeId);
    if (type) return checkWebhook(settings, type, { ...account.settings, isHostBlocked, objectTypes: types });
    return [{ path: 'objectTypeId', message: 'names no object type of the account' }];
  });
}

/** Refuses a request that a person wrote when it cannot be sent. @throws AppError `request.invalid` */
export function checkOverride(
  { isHostBlocked }: Pick<Api, 'isHostBlocked'>,
  account: StoredAccount,
  override: RequestOverride,
): void {
  const problem = checkUrl(override.url, { ...account.settings, isHostBlocked });
  if (problem) throw invalid({ path: 'url', message: problem });
}
