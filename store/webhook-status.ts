import { now } from '../lib/clock';
import type { AccountId, WebhookId } from '../schemas/ids';
import type { WebhookStatus } from '../schemas/webhook';
import type { Database, Session } from './database';
import { appendNotice } from './notices';
import { setPaceHeld } from './paces';
import { WEBHOOKS } from './webhooks';

const KINDS = { active: 'resumed', paused: 'paused', disabled: 'disabled' } as const;

/**
 * Pauses, disables or resumes a webhook, with the notice of it. While it is not active nothing leaves: its deliveries
 * are held and lose no attempt.
 *
 * @param change.reason a sentence for people
 * @returns false when it had this status already, or is gone
 */
export async function setWebhookStatus(
  db: Database,
  session: Session,
  change: { accountId: AccountId; webhookId: WebhookId; status: WebhookStatus; reason: string },
): Promise<boolean> {
  const { accountId, webhookId, status, reason } = change;
  const { modifiedCount } = await db.model(WEBHOOKS).updateOne(
    {
      _id: webhookId,
      accountId,
      ...(status === 'active' ? { status: { $in: ['paused', 'disabled'] } } : { status: { $ne: status } }),
    } as object,
    { $set: { status, statusReason: reason, statusAt: now() } },
    { session },
  );
  if (modifiedCount === 0) return false;
  await setPaceHeld(db, session, { webhookId, isHeld: status !== 'active' });
  await appendNotice(db, session, { accountId, webhookId, kind: KINDS[status], sentence: reason });
  return true;
}
