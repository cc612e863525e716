import { matchFact } from '../domain/event-keys';
import { matchCondition } from '../domain/match-condition';
import { queuedDelivery, sourceKeyOf } from '../domain/queued-delivery';
import { needsOf } from '../domain/surroundings';
import { now } from '../lib/clock';
import { hostOf } from '../lib/host-of';
import { deliveryWorkflowIdOf, newId } from '../lib/ids';
import type { SubscriptionSource } from '../schemas/delivery-source';
import type { StoredEvent } from '../schemas/event';
import type { DeliveryId, SubscriptionId } from '../schemas/ids';
import type { StoredRecord } from '../schemas/record';
import type { StoredSubscription } from '../schemas/subscription';
import { type Database, isDuplicate } from '../store/database';
import { findOrdered, insertDelivery } from '../store/deliveries';
import { findRecord } from '../store/records';
import { findSubscription } from '../store/subscriptions';
import { readPayload } from './read-payload';
import { readSurroundings } from './read-surroundings';

/**
 * Writes the delivery of an event to a subscription into the log, once: the index of what asked for it decides. Its
 * payload is rendered now. A subscription that is deleted at the same moment may still get its delivery, which then is
 * never sent, since the webhook is gone.
 *
 * @returns null when there is nothing to tell: the subscription is gone, no longer listens for this, or its condition is
 *          not met; of a record that is gone no condition is
 * @throws MongoDB's errors
 * @source docs/subscriptions.md
 */
export async function orderNotification(
  db: Database,
  of: { event: StoredEvent; subscriptionId: SubscriptionId },
): Promise<DeliveryId | null> {
  const { event, subscriptionId } = of;
  const { accountId, recordId, objectTypeId, _id: eventId } = event;
  const deliveryId = newId('delivery');
  const named: SubscriptionSource = { type: 'subscription', subscriptionId, eventId, name: '' };
  const sourceKey = sourceKeyOf(named, deliveryId);
  const [before, subscription, record] = await Promise.all([
    findOrdered(db, sourceKey),
    findSubscription(db, { accountId, subscriptionId }),
    findRecord(db, event),
  ]);
  if (before) return before;
  if (!subscription || !(await isWanted(db, subscription, event, record))) return null;
  const { settings, eventString, webhookId } = subscription;
  const origin = {
    recordId,
    objectTypeId,
    source: { ...named, name: eventString },
    workflowId: deliveryWorkflowIdOf(deliveryId, 0),
    createdAt: now().toISOString(),
    host: hostOf(settings.url),
  };
  const payload = await readPayload(db, { subscription, event, record });
  try {
    await insertDelivery(db, null, queuedDelivery({ deliveryId, accountId, webhookId, origin, payload }));
    return deliveryId;
  } catch (error) {
    // Another process did the same.
    if (isDuplicate(error)) return findOrdered(db, sourceKey);
    throw error;
  }
}

/** A subscription may have been changed since its listeners were read. */
async function isWanted(
  db: Database,
  { settings: { event: listened, objectTypeId, condition } }: StoredSubscription,
  event: StoredEvent,
  record: StoredRecord | null,
): Promise<boolean> {
  const isListening = (objectTypeId ?? event.objectTypeId) === event.objectTypeId && matchFact(listened, event.fact);
  if (!isListening || !condition) return isListening;
  if (!record) return false;
  return matchCondition(condition, record, await readSurroundings(db, event, needsOf([condition])));
}
