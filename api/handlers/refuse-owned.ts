import { AppError } from '../../lib/errors';
import type { StoredWebhook } from '../../schemas/webhook';

/** Refuses what only the subscription of a webhook may do with it. @throws AppError `webhook.owned` */
export function refuseOwned({ owner }: Pick<StoredWebhook, 'owner'>): void {
  if (owner) throw new AppError('webhook.owned', { detail: `It is /v1/subscriptions/${owner.subscriptionId}.` });
}
