import { MESSAGE_VARIABLES } from '../domain/merge-labels';
import type { MergeRecord } from '../domain/merge-values';
import type { DeliverySource } from '../schemas/delivery-source';
import type { Database } from '../store/database';
import { findOutgoing } from '../store/outgoing-messages';

/**
 * The record with `[Message//To]` and `[Message//Body]`, where the delivery hands an SMS to the account's gateway.
 *
 * @returns null when the SMS is not kept any more
 * @throws MongoDB's errors
 * @source docs/messages.md#sms
 */
export async function addSms(db: Database, source: DeliverySource, record: MergeRecord): Promise<MergeRecord | null> {
  if (source.type === 'subscription' || !('outgoingId' in source) || !source.outgoingId) return record;
  const written = (await findOutgoing(db, source.outgoingId))?.written;
  if (!written) return null;
  const variables = { [MESSAGE_VARIABLES.to]: written.to, [MESSAGE_VARIABLES.body]: written.body };
  return { ...record, variables: { ...record.variables, ...variables } };
}
