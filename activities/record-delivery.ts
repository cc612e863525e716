import { Context } from '@temporalio/activity';
import { now } from '../lib/clock';
import type { OutcomeClass } from '../schemas/delivery';
import type { DeliveryId } from '../schemas/ids';
import { findDelivery } from '../store/deliveries';
import { saveProgress } from '../store/delivery-attempts';
import { endOf, type Journal, mergeJournals, shorten } from './attempt-journal';
import { disableGone } from './count-outcome';
import type { Dependencies } from './dependencies';

export interface RecordDeliveryInput {
  deliveryId: DeliveryId;
  journal: Journal;
  result: 'delivered' | 'failed' | 'cancelled';
  class: OutcomeClass;
  status: number | null;
}

/**
 * Lands what the sending activity could not write itself, from the journal that Temporal kept; a 410 disables the webhook
 * then too.
 *
 * @returns all attempts of the round: a call that was cancelled between two of them left none in the history
 * @throws MongoDB's errors; repeated until it lands
 */
export async function recordDelivery(deps: Dependencies, input: RecordDeliveryInput): Promise<{ journal: Journal }> {
  const { deliveryId, result } = input;
  const row = await findDelivery(deps.db, deliveryId);
  const logged = row?.attempts.filter(({ call }) => call >= (row.round?.firstCall ?? 0));
  const journal = mergeJournals(logged, input.journal);
  const last = journal.at(-1);
  const outcome =
    result === 'cancelled'
      ? { class: last?.class ?? null, responseStatus: last?.status ?? null }
      : { class: input.class, responseStatus: input.status };
  await saveProgress(deps.db, {
    ...outcome,
    deliveryId,
    by: { workflowId: Context.current().info.workflowExecution?.workflowId ?? '' },
    attempts: input.journal,
    status: result,
    nextAttemptAt: null,
    finishedAt: (last && endOf(last)) ?? now(),
    waitingFor: null,
  });
  if (row && result === 'failed' && input.class === 'gone') await disableGone(deps.db, row);
  return { journal: journal.map(shorten) };
}
