import { queuedDelivery } from '../domain/queued-delivery';
import { hostOf } from '../lib/host-of';
import { deriveIdAt, messageWorkflowIdOf } from '../lib/ids';
import type { DeliveryOrder } from '../schemas/entry';
import type { AccountId } from '../schemas/ids';
import type { StoredOutgoingMessage } from '../schemas/outgoing-message';
import type { StoredWebhook } from '../schemas/webhook';
import { type Database, isDuplicate } from '../store/database';
import { insertDelivery } from '../store/deliveries';
import { saveOutgoing } from '../store/outgoing-messages';
import { takeTurnFor } from '../store/turns';
import { termsOf } from './order-delivery';

/** What the workflow of an SMS needs to have the delivery engine send it. */
export type SmsErrand = DeliveryOrder & { accountId: AccountId; title: string; turnWaitMs: number };

/**
 * The delivery of an SMS to the webhook that is the account's gateway, once: its id follows from the message's.
 *
 * @throws MongoDB's errors
 * @source docs/messages.md#sms
 */
export async function orderSms(db: Database, row: StoredOutgoingMessage, webhook: StoredWebhook): Promise<SmsErrand> {
  const { _id: outgoingId, accountId, recordId, objectTypeId, createdAt } = row;
  const deliveryId = deriveIdAt('delivery', createdAt, outgoingId);
  const origin = {
    recordId,
    objectTypeId,
    source: { ...row.source, outgoingId },
    workflowId: messageWorkflowIdOf(outgoingId),
    createdAt: createdAt.toISOString(),
    host: hostOf(webhook.settings.url),
  };
  const { _id: webhookId } = webhook;
  try {
    await insertDelivery(db, null, queuedDelivery({ deliveryId, accountId, webhookId, origin }));
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  await saveOutgoing(db, outgoingId, { way: 'webhook', deliveryId });
  const turnWaitMs = await takeTurnFor(db, { deliveryId, webhookId });
  return { accountId, deliveryId, webhookId, ...termsOf(webhook), origin, title: webhook.settings.name, turnWaitMs };
}
