import { changeFields } from '../domain/derive-facts';
import type { Cause, StoredPosition } from '../schemas/entry';
import type { FieldValues } from '../schemas/field';
import type { RecordFacts } from '../schemas/record';
import type { Session } from '../store/database';
import { findMapped } from '../store/delivery-attempts';
import type { Dependencies } from './dependencies';

/**
 * The record and the entry's variables as the answer of a delivered webhook leaves them, by its response mapping. Read
 * in the transaction of the step, so that an answer is applied once, with the step that follows it.
 *
 * Whether there is anything to read is known from the webhook's settings, which many steps share: a webhook without a
 * response mapping costs no read of its own.
 *
 * @param step.position null at the first step, which follows no webhook
 * @throws MongoDB's errors
 * @source docs/response-mapping.md
 */
export async function applyAnswer<R extends RecordFacts>(
  deps: Dependencies,
  session: Session,
  step: { position: StoredPosition | null; cause: Cause; record: R },
): Promise<{ record: R; variables: FieldValues }> {
  const { position, cause, record } = step;
  const unchanged = { record, variables: position?.variables ?? {} };
  if (position?.stop.kind !== 'send' || cause.kind !== 'sent' || cause.result !== 'delivered') return unchanged;
  const { webhookId, deliveryId } = position.stop.delivery;
  const webhook = await deps.recent.webhook({ accountId: position.accountId, webhookId });
  if ((webhook?.settings.responseMapping ?? []).length === 0) return unchanged;
  const mapped = await findMapped(deps.db, session, deliveryId);
  if (!mapped) return unchanged;
  return {
    record: changeFields(record, mapped.fields),
    variables: { ...unchanged.variables, ...mapped.variables },
  };
}
