import { changeFields } from '../domain/derive-facts';
import type { Cause } from '../schemas/cause';
import type { StoredPosition } from '../schemas/entry';
import type { FieldValues } from '../schemas/field';
import type { RecordFacts } from '../schemas/record';
import type { Mapped } from '../schemas/response-mapping';
import type { Session } from '../store/database';
import { findMapped } from '../store/delivery-attempts';
import { holdAnswer } from '../store/positions';
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
  const { record } = step;
  const variables = step.position?.variables ?? {};
  const mapped = await findAnswer(deps, session, step);
  return mapped
    ? { record: changeFields(record, mapped.fields), variables: { ...variables, ...mapped.variables } }
    : { record, variables };
}

interface Answered {
  position: StoredPosition | null;
  cause: Cause;
}

/** Keeps the answer for a step that is held back: the log forgets in days, and a pause may last for years. */
export async function keepAnswer(deps: Dependencies, session: Session, step: Answered): Promise<void> {
  const { position } = step;
  const mapped = await findAnswer(deps, session, step);
  if (!mapped || position?.stop.kind !== 'send') return;
  const { deliveryId } = position.stop.delivery;
  if (position.heldAnswer?.deliveryId === deliveryId) return;
  const { fields, variables, problems } = mapped;
  await holdAnswer(deps.db, session, {
    positionId: position._id,
    heldAnswer: { deliveryId, fields, variables, problems },
  });
}

async function findAnswer(deps: Dependencies, session: Session, { position, cause }: Answered): Promise<Mapped | null> {
  const sent = cause.kind === 'goal' ? cause.sent : cause;
  if (position?.stop.kind !== 'send' || sent?.kind !== 'sent' || sent.result !== 'delivered') return null;
  const { webhookId, deliveryId } = position.stop.delivery;
  if (position.heldAnswer?.deliveryId === deliveryId) return position.heldAnswer;
  const webhook = await deps.recent.webhook({ accountId: position.accountId, webhookId });
  if ((webhook?.settings.responseMapping ?? []).length === 0) return null;
  return findMapped(deps.db, session, deliveryId);
}
