import { orderNotification } from '../../activities/order-notification';
import type { StoredEvent } from '../../schemas/event';
import type { SubscriptionId } from '../../schemas/ids';
import type { Dispatch } from './carry-out';
import { startRequestedDelivery } from './start-delivery';

/**
 * Sends an event to a subscription, once: the pump's door to subscriptions. A repeat finds the delivery in the log, and
 * starts its workflow when that was not done.
 *
 * @throws MongoDB's and Temporal's errors; the event is then tried again
 */
export async function notify(
  { db, engine }: Pick<Dispatch, 'db' | 'engine'>,
  event: StoredEvent,
  subscriptionId: SubscriptionId,
): Promise<void> {
  const deliveryId = await orderNotification(db, { event, subscriptionId });
  if (deliveryId) await startRequestedDelivery({ db, engine }, deliveryId);
}
