import { now } from '../lib/clock';
import { isDatabaseFault } from '../lib/errors';
import type { DeliveryId, WebhookId } from '../schemas/ids';
import { saveShut } from '../store/delivery-attempts';
import { promiseWhenShut } from '../store/promise-when-shut';
import type { Dependencies } from './dependencies';
import { HELD_WAIT_MS, WAITING_FOR } from './send-webhook';

/** Go on and ask for a slot; or wait, since nothing leaves for this webhook now. */
export type Outlook = { kind: 'go' } | { kind: 'wait'; waitMs: number; because: 'breaker' | 'held' };

/**
 * Looks whether a webhook lets anything through, before an attempt is scheduled: a thousand deliveries that wait for a
 * dead receiver then cost one read each time they wake, not an attempt each.
 *
 * @throws never: with MongoDB away the answer is `go`, and the attempt finds that out
 * @source docs/delivery.md D15
 */
export async function lookAhead(
  { db }: Dependencies,
  { deliveryId, webhookId }: { deliveryId: DeliveryId; webhookId: WebhookId },
): Promise<Outlook> {
  try {
    const shut = await promiseWhenShut(db, webhookId);
    if (!shut) return { kind: 'go' };
    const isHeld = shut.because === 'held';
    const waitMs = isHeld ? HELD_WAIT_MS : shut.waitMs;
    await saveShut(db, {
      deliveryId,
      status: isHeld ? 'held' : 'waiting-slot',
      until: isHeld ? null : new Date(now().getTime() + waitMs),
      waitingFor: WAITING_FOR[shut.because],
    });
    return { kind: 'wait', waitMs, because: shut.because };
  } catch (error) {
    if (!isDatabaseFault(error)) throw error;
    return { kind: 'go' };
  }
}
