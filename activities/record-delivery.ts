import { now } from '../lib/clock';
import type { OutcomeClass } from '../schemas/delivery';
import type { DeliveryId } from '../schemas/ids';
import { saveProgress } from '../store/delivery-attempts';
import { endOf, type Journal } from './attempt-journal';
import type { Dependencies } from './dependencies';

export interface RecordDeliveryInput {
  deliveryId: DeliveryId;
  journal: Journal;
  result: 'delivered' | 'failed' | 'cancelled';
  class: OutcomeClass;
  status: number | null;
}

/**
 * Lands what the sending activity could not write itself, from the journal that Temporal kept.
 *
 * @throws MongoDB's errors; repeated until it lands
 */
export async function recordDelivery(deps: Dependencies, input: RecordDeliveryInput): Promise<void> {
  const last = input.journal.at(-1);
  await saveProgress(deps.db, {
    deliveryId: input.deliveryId,
    by: null,
    attempts: input.journal,
    status: input.result,
    class: input.class,
    responseStatus: input.status,
    nextAttemptAt: null,
    finishedAt: last ? (endOf(last) ?? now()) : now(),
    waitingFor: null,
  });
}
