import { now } from '../lib/clock';
import { saveProgress } from '../store/delivery-attempts';
import { endOf, type Journal } from './attempt-journal';
import { countOutcome, type GrantedSlot } from './count-outcome';
import type { Dependencies } from './dependencies';
import type { Ready } from './prepare-send';
import type { Answered } from './request-once';
import type { SendInput } from './send-webhook';

/**
 * Writes the attempt into the log, and lets it count for its webhook, whichever of the two MongoDB takes.
 *
 * @returns false when MongoDB is away: the journal carries it until it lands, and what a 410 asks for with it
 */
export async function logAttempt(
  deps: Dependencies,
  { accountId, deliveryId, webhookId }: Pick<SendInput, 'accountId' | 'deliveryId' | 'webhookId'>,
  made: { ready: Ready & { slot: GrantedSlot }; answered: Answered; journal: Journal },
): Promise<boolean> {
  const { ready, answered, journal } = made;
  const { attempt, retry } = answered;
  const isDone = attempt.class === 'success' || !retry.isRetried;
  const endedAt = endOf(attempt) ?? now();
  const counting = countOutcome(deps, { accountId, webhookId }, ready.slot, answered).then(
    () => true,
    (error: unknown) => {
      deps.logger.warn({ webhookId, error: String(error) }, 'attempt not counted');
      return attempt.class !== 'gone';
    },
  );
  try {
    await saveProgress(deps.db, {
      deliveryId,
      by: ready.key,
      attempts: journal.filter((line) => !ready.loggedAttempts.has(`${line.call}.${line.temporalAttempt}`)),
      status: attempt.class === 'success' ? 'delivered' : retry.isRetried ? 'waiting-retry' : 'failed',
      class: attempt.class,
      responseStatus: attempt.status,
      nextAttemptAt: isDone ? null : new Date(endedAt.getTime() + retry.delayMs),
      finishedAt: isDone ? endedAt : null,
      waitingFor: isDone ? null : retry.reason,
    });
    return await counting;
  } catch (error) {
    deps.logger.warn({ deliveryId, error: String(error) }, 'attempt not logged yet');
    await counting;
    return false;
  }
}
