import { AppError } from '../../lib/errors';
import type { AccountId, FormId } from '../../schemas/ids';
import type { Database, Session } from '../../store/database';
import { findFormUse } from '../../store/find-form-use';
import { deleteForm } from '../../store/forms';
import { lockWebhookUse } from '../../store/locks';
import { deleteRule, findRulesOfForm } from '../../store/rules';

/**
 * Deletes a form with its "Always-on rules". What was submitted stays.
 *
 * @throws AppError `form.not-found`, `form.in-use` while a map, a global rule or a subscription listens for it
 */
export async function removeForm(
  db: Database,
  session: Session,
  of: { accountId: AccountId; formId: FormId },
): Promise<void> {
  // Publishing, rules and subscriptions to forms wait here, too: none of them names a form that is gone.
  await lockWebhookUse(db, session, of.accountId);
  await deleteForm(db, session, of);
  const use = await findFormUse(db, session, of);
  if (use) throw new AppError('form.in-use', { detail: `It is ${use}.` });
  const { accountId } = of;
  for (const { _id: ruleId } of await findRulesOfForm(db, session, of))
    await deleteRule(db, session, { accountId, ruleId });
}
