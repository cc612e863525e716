import { ActivityFailure, ApplicationFailure, isCancellation, sleep, TimeoutFailure } from '@temporalio/workflow';
import type { SendFailure, SendResult } from '../activities/send-webhook';
import type { Attempt, OutcomeClass } from '../schemas/delivery';
import type { Cause, DeliveryOrder } from '../schemas/entry';
import type { AccountId } from '../schemas/ids';
import { recordDelivery, sendingProxy } from './proxies';

/** Who has a turn goes to the queue this long before it: above the 10 s after which a dead worker's tasks move on. */
const LEAD_MS = 15_000;
const OWN_FAULT_WAIT_MAX_MS = 60_000;

type Sent = Extract<Cause, { kind: 'sent' }>;
interface Ended extends Omit<Sent, 'kind'> {
  journal: Attempt[];
  isLogged: boolean;
}

/**
 * Sends one delivery: waits for its turn, calls the activity, comes back when it is told to, and lands the log.
 *
 * @param order.turnWaitMs milliseconds until its expected turn
 * @throws CancelledFailure when the scope around it is cancelled
 */
export async function deliver(
  order: DeliveryOrder & { accountId: AccountId; title: string; turnWaitMs: number },
): Promise<Sent> {
  if (order.turnWaitMs > LEAD_MS)
    await sleep(order.turnWaitMs - LEAD_MS, { summary: `Turn of webhook: ${order.title}`.slice(0, 150) });
  const ended = await sendUntilEnded(order);
  const { result, class: outcome, status, journal, isLogged } = ended;
  if (!isLogged) await recordDelivery({ deliveryId: order.deliveryId, journal, result, class: outcome, status });
  return { kind: 'sent', result, class: outcome, status };
}

async function sendUntilEnded(order: DeliveryOrder & { accountId: AccountId; title: string }): Promise<Ended> {
  let journal: Attempt[] = [];
  let isComeback = false;
  for (let call = 0, ownFaults = 0; ; call++) {
    const attemptsLeft = order.maxAttempts - journal.length;
    const { sendWebhook } = sendingProxy({ ...order, attemptsLeft, isComeback });
    let answer: SendResult;
    try {
      answer = await sendWebhook({
        accountId: order.accountId,
        deliveryId: order.deliveryId,
        webhookId: order.webhookId,
        call,
        isComeback,
        journal,
      });
    } catch (error) {
      const failed = failureOf(error, { journal, call, attemptsLeft });
      journal = failed.journal;
      if (failed.isFinal) return failed;
      // The attempt expected another one to follow, and logged that.
      if (journal.length >= order.maxAttempts) return { ...failed, isLogged: false };
      await sleep(journal.at(-1)?.nextAttemptInMs ?? order.firstGapMs, {
        summary: `Next attempt: ${order.title}`.slice(0, 150),
      });
      continue;
    }
    journal = answer.journal;
    if (answer.kind === 'delivered')
      return { result: 'delivered', class: 'success', status: answer.status, journal, isLogged: answer.isLogged };
    if (answer.kind === 'stopped')
      return { result: 'failed', class: 'unknown', status: null, journal, isLogged: false };
    ownFaults = answer.isOwnFault ? ownFaults + 1 : 0;
    const waitMs = answer.isOwnFault
      ? Math.min(OWN_FAULT_WAIT_MAX_MS, answer.waitMs * 2 ** (ownFaults - 1))
      : answer.waitMs;
    if (waitMs > 0)
      await sleep(waitMs, {
        summary: answer.isOwnFault ? 'Our side was not ready' : `Slot of webhook: ${order.title}`.slice(0, 150),
      });
    isComeback = true;
  }
}

/**
 * What a failed call leaves: the journal of its failure, or of its last heartbeat with a line for the attempt that
 * vanished.
 *
 * @returns `isFinal` when the policy said stop, or the receiver's attempts are used up
 */
function failureOf(
  error: unknown,
  before: { journal: Attempt[]; call: number; attemptsLeft: number },
): Ended & { isFinal: boolean } {
  if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  if (cause instanceof ApplicationFailure && isSendFailure(cause.details?.[0])) {
    const { journal, status, isLogged } = cause.details[0];
    return {
      result: 'failed',
      class: (cause.type ?? 'unknown') as OutcomeClass,
      status,
      journal,
      isLogged,
      isFinal: cause.nonRetryable === true,
    };
  }
  const beaten =
    cause instanceof TimeoutFailure && Array.isArray(cause.lastHeartbeatDetails)
      ? (cause.lastHeartbeatDetails as Attempt[])
      : before.journal;
  const journal = [...beaten, vanished(beaten.length + 1, before)];
  return {
    result: 'failed',
    class: 'unknown',
    status: null,
    journal,
    isLogged: false,
    isFinal: !(cause instanceof TimeoutFailure),
  };
}

const isSendFailure = (detail: unknown): detail is SendFailure =>
  typeof detail === 'object' && detail !== null && 'journal' in detail;

/** The line of the last attempt of a call, when it left none itself. */
const vanished = (number: number, of: { call: number; attemptsLeft: number }): Attempt => ({
  number,
  call: of.call,
  temporalAttempt: of.attemptsLeft,
  class: 'unknown',
  startedAt: null,
  durationMs: null,
  status: null,
  error: 'unknown: may have been processed',
  request: null,
  response: null,
  peer: null,
  webhookRevision: null,
  nextAttemptInMs: null,
});
