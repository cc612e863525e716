import { isReceiverUnwell, judgeFailing } from '../domain/judge-receiver';
import { now } from '../lib/clock';
import type { AccountId, WebhookId } from '../schemas/ids';
import { countFailure, countSuccess, freeProbe, takeNotice } from '../store/breaker';
import { type Database, transaction } from '../store/database';
import { appendNotice } from '../store/notices';
import { holdBack } from '../store/reserve-slot';
import { setWebhookStatus } from '../store/webhook-status';
import type { Dependencies } from './dependencies';
import type { Answered } from './request-once';

/** How long a receiver is spared that answers 429 and doesn't say for how long. */
const SPARED_MS = 5000;

type Of = { accountId: AccountId; webhookId: WebhookId };

/** The slot that an attempt had. */
export interface GrantedSlot {
  token: string;
  /** Attempts before it failed, so that a success is news */
  isFailing: boolean;
}

/** Disables a webhook whose receiver answered that it is gone. @throws MongoDB's errors */
export const disableGone = (db: Database, of: Of): Promise<boolean> =>
  disable(db, of, 'Disabled: the receiver answered 410 Gone. Its deliveries are held until it is resumed.');

const disable = (db: Database, of: Of, reason: string): Promise<boolean> =>
  transaction(db, (session) => setWebhookStatus(db, session, { ...of, status: 'disabled', reason }));

/**
 * Lets an attempt count for its webhook: the wait that its receiver asked for, the circuit breaker, notices, and
 * disabling one whose receiver is gone.
 *
 * @throws MongoDB's errors
 * @source docs/delivery.md D3, D4, D15
 */
export async function countOutcome(
  { db, successes }: Pick<Dependencies, 'db' | 'successes'>,
  { accountId, webhookId }: Of,
  slot: GrantedSlot,
  { attempt, retryAfterMs }: Pick<Answered, 'attempt' | 'retryAfterMs'>,
): Promise<void> {
  const of = { accountId, webhookId };
  const { class: outcome, status } = attempt;
  if (outcome === 'success') {
    if (slot.isFailing) await countSuccess(db, webhookId);
    else successes.add(webhookId);
    return;
  }
  const isReceivers = isReceiverUnwell(outcome, status);
  if (!isReceivers && slot.isFailing) await freeProbe(db, { webhookId, token: slot.token });
  if (outcome === 'invalid' || outcome === 'blocked') return;
  if (outcome === 'gone') {
    await disableGone(db, of);
    return;
  }
  if (status === 429) await holdBack(db, webhookId, retryAfterMs ?? SPARED_MS);
  const counted = await countFailure(db, {
    webhookId,
    token: slot.token,
    isReceivers,
    succeeded: successes.take(webhookId),
  });
  if (!counted) return;
  if (counted.isFirstOpening) {
    const sentence = `The circuit breaker opened: most attempts of the last 5 minutes failed. The next one is tried at ${counted.openUntil?.toISOString()}.`;
    await appendNotice(db, null, { ...of, kind: 'breaker-opened', sentence });
  }
  const verdict = judgeFailing(counted.failing, now().getTime());
  if (verdict?.kind === 'disable') await disable(db, of, verdict.sentence);
  if (verdict?.kind === 'notice' && (await takeNotice(db, { webhookId, number: verdict.number })))
    await appendNotice(db, null, { ...of, kind: 'failing', sentence: verdict.sentence });
}
