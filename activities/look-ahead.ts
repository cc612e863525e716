import { isDatabaseFault } from '../lib/errors';
import type { DeliveryId, WebhookId } from '../schemas/ids';
import { saveShut } from '../store/delivery-attempts';
import { findShut } from '../store/paces';
import { tellSoon, UNTOLD_MS } from '../store/turns';
import type { Dependencies } from './dependencies';
import { WAITING_FOR } from './send-webhook';

/** Go on and ask for a slot; or wait to be told, since nothing leaves for this webhook now. */
export type Outlook = { kind: 'go' } | { kind: 'wait'; waitMs: number; because: 'breaker' | 'held' };

/**
 * Looks whether a webhook lets anything through, before an attempt is scheduled: a thousand deliveries that wait for a
 * dead receiver then cost one read each time they wake, not an attempt each.
 *
 * @param of.call the number of the call that comes next
 * @throws never: with MongoDB away the answer is `go`, and the attempt finds that out
 * @source docs/delivery.md D15
 */
export async function lookAhead(
  { db }: Dependencies,
  { deliveryId, webhookId, call }: { deliveryId: DeliveryId; webhookId: WebhookId; call: number },
): Promise<Outlook> {
  try {
    const because = await findShut(db, webhookId);
    if (!because) return { kind: 'go' };
    const status = because === 'held' ? 'held' : 'waiting-slot';
    await saveShut(db, { deliveryId, call, status, until: null, waitingFor: WAITING_FOR[because] });
    await tellSoon(db, webhookId);
    return { kind: 'wait', waitMs: UNTOLD_MS, because };
  } catch (error) {
    if (!isDatabaseFault(error)) throw error;
    return { kind: 'go' };
  }
}
