import type { StoredDelivery } from '../schemas/delivery';
import type { StoredRecord } from '../schemas/record';
import type { Database } from '../store/database';
import { findEvent } from '../store/find-event';
import { findSubscription } from '../store/subscriptions';
import { readPayload } from './read-payload';

/** A payload to be sent as it stands. Its type is not left to detection: an odd key would hide that it is a form. */
export interface Restored {
  payload: string;
  contentType: string;
}

/**
 * The payload of a delivery to a subscription: the one that was rendered when its event came. One that is not there any
 * more, after its retention or since the log was made again, is rendered anew as long as its event is kept.
 *
 * @returns null when the delivery is none to a subscription; a problem when its payload is lost
 * @throws MongoDB's errors
 */
export async function restorePayload(
  db: Database,
  row: StoredDelivery,
  record: StoredRecord | null,
): Promise<Restored | { problem: string } | null> {
  const { source, accountId } = row;
  const isTest = source.type === 'test' && source.subscriptionId !== undefined;
  if (source.type !== 'subscription' && !isTest) return null;
  if (typeof row.payload === 'string') return restored(row.payload);
  if (source.type !== 'subscription') return { problem: 'its sample payload was removed; test the subscription again' };
  const [subscription, event] = await Promise.all([
    findSubscription(db, { accountId, subscriptionId: source.subscriptionId }),
    findEvent(db, { accountId, eventId: source.eventId }),
  ]);
  if (!subscription || !event) return { problem: 'its payload was removed, and its event is not kept any more' };
  return restored(await readPayload(db, { subscription, event, record }));
}

const restored = (payload: string): Restored => ({
  payload,
  contentType: payload.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded',
});
