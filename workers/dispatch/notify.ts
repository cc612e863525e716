import type { StoredEvent } from '../../schemas/event';
import type { SubscriptionId } from '../../schemas/ids';
import type { Dispatch } from './carry-out';

/** Orders the delivery of an event to a subscription, once. */
export async function notify(_dispatch: Dispatch, _event: StoredEvent, _subscriptionId: SubscriptionId): Promise<void> {
  throw new Error('subscriptions are not told yet');
}
