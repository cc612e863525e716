import { isReceiverUnwell, judgeFailing } from '../domain/judge-receiver';
import { now } from '../lib/clock';
import type { Attempt } from '../schemas/delivery';
import type { AccountId, WebhookId } from '../schemas/ids';
import { countFailure, countSuccess, takeNotice } from '../store/breaker';
import { transaction } from '../store/database';
import { appendNotice } from '../store/notices';
import { setWebhookStatus } from '../store/webhook-status';
import type { Dependencies } from './dependencies';

/** The slot that an attempt had. */
export interface GrantedSlot {
  token: string;
  /** Attempts before it failed, so that a success is news */
  isFailing: boolean;
}

/**
 * Lets an attempt count for its webhook: the circuit breaker, notices, and disabling one whose receiver is gone.
 *
 * @throws MongoDB's errors
 * @source docs/delivery.md D3, D15
 */
export async function countOutcome(
  { db, successes }: Pick<Dependencies, 'db' | 'successes'>,
  { accountId, webhookId }: { accountId: AccountId; webhookId: WebhookId },
  slot: GrantedSlot,
  attempt: Attempt,
): Promise<void> {
  const of = { accountId, webhookId };
  const { class: outcome, status } = attempt;
  const disable = (reason: string): Promise<boolean> =>
    transaction(db, (session) => setWebhookStatus(db, session, { ...of, status: 'disabled', reason }));

  if (outcome === 'success') {
    if (slot.isFailing) await countSuccess(db, webhookId);
    else successes.add(webhookId);
    return;
  }
  if (outcome === 'invalid' || outcome === 'blocked') return;
  if (outcome === 'gone') {
    await disable('Disabled: the receiver answered 410 Gone. Its deliveries are held until it is resumed.');
    return;
  }
  const counted = await countFailure(db, {
    webhookId,
    token: slot.token,
    isReceivers: isReceiverUnwell(outcome, status),
    succeeded: successes.take(webhookId),
  });
  if (!counted) return;
  if (counted.isFirstOpening) {
    const sentence = `The circuit breaker opened: most attempts of the last 5 minutes failed. The next one is tried at ${counted.openUntil?.toISOString()}.`;
    await appendNotice(db, null, { ...of, kind: 'breaker-opened', sentence });
  }
  const verdict = judgeFailing(counted.failing, now().getTime());
  if (verdict?.kind === 'disable') await disable(verdict.sentence);
  if (verdict?.kind === 'notice' && (await takeNotice(db, { webhookId, number: verdict.number })))
    await appendNotice(db, null, { ...of, kind: 'failing', sentence: verdict.sentence });
}
