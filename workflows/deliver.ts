import { ActivityFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import type { SendResult } from '../activities/send-webhook';
import type { Sent } from '../schemas/cause';
import type { Attempt, OutcomeClass } from '../schemas/delivery';
import type { DeliveryOrder } from '../schemas/entry';
import type { AccountId } from '../schemas/ids';
import { type Failed, failureOf } from './failed-call';
import { lookAhead, recordDelivery, sendingProxy } from './proxies';
import { beginSteering, LEAD_MS, rest, type Steering } from './steering';

const OWN_FAULT_WAIT_MAX_MS = 60_000;

interface Ended extends Omit<Sent, 'kind'> {
  journal: Attempt[];
  isLogged: boolean;
}

/** A delivery as its workflow has it. */
export interface Errand extends DeliveryOrder {
  accountId: AccountId;
  title: string;
  /** Milliseconds until its expected turn */
  turnWaitMs: number;
  /** Number of the first call of the activity: above 0 in a replay */
  firstCall?: number;
  /** A person waits for it: it goes at once to the queue that only the slot guards, whatever the circuit breaker says */
  isManual?: boolean;
}

/**
 * Sends one delivery: waits for its turn, calls the activity, comes back when it is told to, and lands the log. A person
 * may retry at once or cancel in between.
 *
 * @throws CancelledFailure when the scope around it is cancelled
 */
export async function deliver(errand: Errand, steering: Steering): Promise<Sent> {
  beginSteering(steering, errand.deliveryId);
  try {
    const ended = await sendUntilEnded(errand, steering);
    const { result, class: outcome, status, journal, isLogged } = ended;
    if (!isLogged) await recordDelivery({ deliveryId: errand.deliveryId, journal, result, class: outcome, status });
    return { kind: 'sent', result, class: outcome, status };
  } finally {
    steering.deliveryId = null;
  }
}

async function sendUntilEnded(errand: Errand, steering: Steering): Promise<Ended> {
  const named = (what: string): string => `${what}: ${errand.title}`.slice(0, 150);
  let journal: Attempt[] = [];
  let isComeback = errand.isManual ?? false;
  let isManual = errand.isManual ?? false;
  /** Who has not waited was let through a moment ago */
  let hasWaited = false;
  /** @returns whether to go on */
  const wait = async (ms: number, summary: string): Promise<boolean> => {
    const end = await rest(steering, ms, summary);
    isManual = end === 'retry';
    isComeback = true;
    hasWaited = true;
    return end !== 'cancel';
  };
  const cancelled = (): Ended => ({ ...CANCELLED, journal });

  if (errand.turnWaitMs > LEAD_MS) {
    const end = await rest(steering, errand.turnWaitMs - LEAD_MS, named('Turn of webhook'));
    if (end === 'cancel') return cancelled();
    // The queue's own limit still goes by the turn that was given up.
    isComeback = end !== 'over';
    isManual = end === 'retry';
    hasWaited = true;
  }
  for (let call = errand.firstCall ?? 0, ownFaults = 0; ; call++) {
    while (hasWaited && !isManual && errand.looksAhead) {
      const outlook = await lookAhead({ deliveryId: errand.deliveryId, webhookId: errand.webhookId, call });
      const isSaid = steering.wish !== null; // while it looked
      if (outlook.kind === 'go' && !isSaid) break;
      const waitMs = outlook.kind === 'go' ? 0 : outlook.waitMs;
      if (!(await wait(waitMs, outlook.kind === 'go' ? '' : named(WAITS[outlook.because])))) return cancelled();
    }
    const attemptsLeft = Math.max(1, errand.maxAttempts - journal.length);
    const answer = await callOnce(errand, steering, { call, attemptsLeft, journal, isComeback, isManual });
    isManual = false;
    if (answer.kind === 'interrupted') {
      if (!(await wait(0, ''))) return cancelled();
      continue;
    }
    journal = answer.journal;
    if (answer.kind === 'failed') {
      if (answer.isFinal) return { ...answer, result: 'failed' };
      // The attempt expected another one to follow, and logged that.
      if (journal.length >= errand.maxAttempts) return { ...answer, result: 'failed', isLogged: false };
      const wasComeback = isComeback;
      if (!(await wait(journal.at(-1)?.nextAttemptInMs ?? errand.firstGapMs, named('Next attempt'))))
        return cancelled();
      if (!isManual) isComeback = wasComeback;
      continue;
    }
    if (answer.kind === 'delivered')
      return { result: 'delivered', class: 'success', status: answer.status, journal, isLogged: answer.isLogged };
    if (answer.kind === 'stopped')
      return { result: 'failed', class: 'unknown', status: null, journal, isLogged: false };
    ownFaults = answer.isOwnFault ? ownFaults + 1 : 0;
    const waitMs = answer.isOwnFault
      ? Math.min(OWN_FAULT_WAIT_MAX_MS, answer.waitMs * 2 ** (ownFaults - 1))
      : answer.waitMs;
    if (!(await wait(waitMs, answer.isOwnFault ? 'Our side was not ready' : named(WAITS[answer.because ?? 'slot']))))
      return cancelled();
  }
}

const WAITS = { slot: 'Slot of webhook', breaker: 'Circuit breaker of webhook', held: 'Held by webhook' };
const CANCELLED = { result: 'cancelled', class: 'unknown' as OutcomeClass, status: null, isLogged: false } as const;

/** One call of the activity, with as many attempts as are left; `interrupted` when somebody wished something first. */
async function callOnce(
  errand: Errand,
  steering: Steering,
  at: { call: number; attemptsLeft: number; journal: Attempt[]; isComeback: boolean; isManual: boolean },
): Promise<SendResult | Failed | { kind: 'interrupted' }> {
  const { sendWebhook } = sendingProxy({ ...errand, attemptsLeft: at.attemptsLeft, isComeback: at.isComeback });
  const { call, journal, isComeback, isManual } = at;
  const { accountId, deliveryId, webhookId } = errand;
  const scope = new CancellationScope();
  steering.call = scope;
  steering.newTurnMs = null; // what was said before this call is no news after it
  try {
    return await scope.run(() =>
      sendWebhook({ accountId, deliveryId, webhookId, call, isComeback, ...(isManual ? { isManual } : {}), journal }),
    );
  } catch (error) {
    if (isCancellation(error) && steering.wish !== null && !CancellationScope.current().consideredCancelled)
      return { kind: 'interrupted' };
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return failureOf(error, at);
  } finally {
    steering.call = null;
  }
}
