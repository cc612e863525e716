import type { z } from 'zod';
import type { StoredSubscription, subscriptionSchema } from '../../schemas/subscription';
import type { Database, Session } from '../../store/database';
import { findLastTried } from '../../store/deliveries';
import { findWebhook } from '../../store/webhooks';

/** A subscription as it is shown, with the state of its webhook and the latest attempt that the log has. */
export async function showSubscription(
  db: Database,
  subscription: StoredSubscription,
  session?: Session,
): Promise<z.input<typeof subscriptionSchema>> {
  const { _id: id, number, settings, eventString, accountId, webhookId, createdAt, updatedAt } = subscription;
  const webhook = await findWebhook(db, { accountId, webhookId }, session);
  const last = (await findLastTried(db, { accountId, webhookId }))?.attempts.at(-1);
  return {
    id,
    number,
    settings,
    eventString,
    webhookId,
    status: webhook?.status ?? 'active',
    statusReason: webhook?.statusReason ?? null,
    lastHookAt: last?.startedAt ?? null,
    lastCode: last?.status ?? null,
    lastPayload: last?.request?.body || null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
