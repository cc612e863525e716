import { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { monotonicMs, now } from '../lib/clock';
import { AppError, isOwnFault } from '../lib/errors';
import type { HttpExchange } from '../lib/outbound/http-exchange';
import type { AccountId, DeliveryId, WebhookId } from '../schemas/ids';
import { findDelivery } from '../store/deliveries';
import { isOvertaken, saveWaiting } from '../store/delivery-attempts';
import { tellSoon, UNTOLD_MS } from '../store/turns';
import { type Journal, mergeJournals, shorten } from './attempt-journal';
import type { GrantedSlot } from './count-outcome';
import type { Dependencies } from './dependencies';
import { logAttempt } from './log-attempt';
import { notReady, type Prepared, prepareSend, type Ready } from './prepare-send';
import { type Answered, requestOnce, timeoutMsOf } from './request-once';
import { type Waited, waitForSlot } from './wait-for-slot';

export interface SendInput {
  accountId: AccountId;
  deliveryId: DeliveryId;
  webhookId: WebhookId;
  /** Number of this call of the activity for the delivery, from 0 */
  call: number;
  /** Whether an earlier call was told to come back */
  isComeback: boolean;
  /** A person asked for this attempt: the circuit breaker does not stop it */
  isManual?: boolean;
  /** Attempts of earlier calls in this round */
  journal: Journal;
}

export type SendResult =
  | { kind: 'delivered'; status: number; journal: Journal; isLogged: boolean }
  | { kind: 'not-yet'; waitMs: number; isOwnFault: boolean; because?: 'slot' | 'breaker' | 'held'; journal: Journal }
  | { kind: 'stopped'; journal: Journal };

/** What a failed attempt tells the workflow, as the details of the ApplicationFailure; its type is the class. */
export interface SendFailure {
  journal: Journal;
  status: number | null;
  isLogged: boolean;
}

const HEARTBEAT_MS = 2000;
/** Waiting for the slot takes at most 8 s; an attempt that is older than this doesn't send any more. */
const OLDEST_SEND_MS = 11_000;

/**
 * One attempt of one delivery: render, guard, wait for the slot, send, log.
 *
 * @returns `delivered`; `not-yet` when it must come back (no attempt used); `stopped` when the delivery is over or a
 *          newer attempt has begun
 * @throws ApplicationFailure with the outcome class as type, `nextRetryDelay` from the schedule, and SendFailure as
 *         details; non-retryable when the policy says stop
 * @source docs/delivery.md
 */
export async function sendWebhook(deps: Dependencies, input: SendInput): Promise<SendResult> {
  const context = Context.current();
  const heartbeats: unknown = context.info.heartbeatDetails;
  let journal = mergeJournals(input.journal, heartbeats as Journal | undefined);
  const beat = setInterval(() => context.heartbeat(journal.map(shorten)), HEARTBEAT_MS);
  try {
    const startedMs = monotonicMs();
    const ready = await beforeSending(deps, input, { attempt: context.info.attempt, journal, startedMs });
    journal = ready.journal;
    if (ready.kind !== 'ready') return ready;

    const answered = await requestOnce(ready.exchange, ready, context.info.currentAttemptScheduledTimestampMs);
    journal = mergeJournals(journal, [answered.attempt]);
    const isLogged = await logAttempt(deps, input, { ready, answered, journal });
    const kept = journal.map(shorten);
    if (answered.attempt.class === 'success')
      return { kind: 'delivered', status: answered.attempt.status ?? 200, journal: kept, isLogged };

    context.heartbeat(kept);
    throw failureOf(answered, { journal: kept, status: answered.attempt.status, isLogged });
  } finally {
    clearInterval(beat);
  }
}

/** Nothing is sent for a webhook that was deleted, so nothing has to wait. */
const NO_SLOT: GrantedSlot = { token: '', isFailing: false };

/** All that comes before the request leaves. MongoDB away, or a machine too busy, is our own fault: no attempt used. */
async function beforeSending(
  deps: Dependencies,
  input: SendInput,
  at: { attempt: number; journal: Journal; startedMs: number },
): Promise<(Ready & { slot: GrantedSlot; exchange: HttpExchange | null }) | SendResult> {
  let exchange: HttpExchange | null = null;
  let leaves = false;
  try {
    const prepared: Prepared = await prepareSend(deps, input, at);
    if (prepared.kind !== 'ready') return prepared;
    const { request, webhook } = prepared;
    if (!webhook) return { ...prepared, slot: NO_SLOT, exchange };
    exchange = request && deps.http.open(request.url, timeoutMsOf(webhook));
    const slot = await waitForSlot(deps.db, {
      webhookId: input.webhookId,
      isComeback: input.isComeback,
      isManual: input.isManual ?? false,
      succeeded: deps.successes.take(input.webhookId),
      begunMs: at.startedMs,
      confirm: prepared.isStillMine,
      connect: async () => (await exchange?.connect()) ?? false,
    });
    const { journal } = prepared;
    if (slot.kind === 'given-up') return await afterGivingUp(deps, input, prepared);
    if (slot.kind !== 'send-now') return await comeBack(deps, input, prepared, slot);
    if (monotonicMs() - at.startedMs > OLDEST_SEND_MS) return notReady(journal);
    leaves = true;
    return { ...prepared, slot: slot.slot, exchange };
  } catch (error) {
    // Deleted since it was read: the next call finds that out.
    const isGone = error instanceof AppError && error.code === 'webhook.not-found';
    if (!isGone && !isOwnFault(error)) throw error;
    return notReady(at.journal);
  } finally {
    if (!leaves) exchange?.end();
  }
}

/** Tells the row what it waits for, and the workflow how long. */
async function comeBack(
  deps: Dependencies,
  input: SendInput,
  ready: Ready,
  told: Extract<Waited, { kind: 'not-yet' | 'held' | 'breaker' }>,
): Promise<SendResult> {
  const because = told.kind === 'not-yet' ? 'slot' : told.kind;
  const waitMs = told.kind === 'not-yet' ? told.waitMs : UNTOLD_MS;
  const wait = {
    status: because === 'held' ? ('held' as const) : ('waiting-slot' as const),
    until: because === 'slot' ? new Date(now().getTime() + waitMs) : null,
    waitingFor: WAITING_FOR[because],
  };
  await saveWaiting(deps.db, { deliveryId: input.deliveryId, by: ready.key, ...wait });
  if (because !== 'slot') await tellSoon(deps.db, input.webhookId);
  return { kind: 'not-yet', waitMs, isOwnFault: false, because, journal: ready.journal.map(shorten) };
}

/** What a row that was told to come back waits for. */
export const WAITING_FOR = {
  slot: 'Its slot: the webhook sends no more requests a minute than its limit.',
  breaker: 'The circuit breaker: most attempts of the last minutes failed, so one after the other is tried.',
  held: 'The webhook is paused or disabled; resume it to go on.',
};

/**
 * Why the slot was given up: the delivery is over, perhaps delivered by an older attempt, or a newer one has begun. A row
 * that was lost, or made again as it was before this attempt, says nothing of that kind.
 */
async function afterGivingUp(deps: Dependencies, input: SendInput, { key, journal }: Ready): Promise<SendResult> {
  const row = await findDelivery(deps.db, input.deliveryId);
  if (!row || !isOvertaken(row, key)) return notReady(journal);
  const kept = mergeJournals(row.attempts, journal).map(shorten);
  return row.status === 'delivered'
    ? { kind: 'delivered', status: row.responseStatus ?? 200, journal: kept, isLogged: true }
    : { kind: 'stopped', journal: kept };
}

/** BENIGN: the receiver's faults are expected and don't count as errors of ours. */
function failureOf({ attempt, retry }: Answered, details: SendFailure): ApplicationFailure {
  return ApplicationFailure.create({
    message: `${attempt.error ?? `HTTP ${attempt.status}`}; ${retry.reason}`,
    type: attempt.class,
    nonRetryable: !retry.isRetried,
    details: [details],
    category: ApplicationFailureCategory.BENIGN,
    ...(retry.isRetried ? { nextRetryDelay: retry.delayMs } : {}),
  });
}
