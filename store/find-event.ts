import type { Fact, StoredEvent } from '../schemas/event';
import type { AccountId, EventId, RecordId } from '../schemas/ids';
import type { Database } from './database';
import { EVENTS } from './events';

/** The event, or null when it is not kept any more. */
export const findEvent = async (
  db: Database,
  of: { accountId: AccountId; eventId: EventId },
): Promise<StoredEvent | null> =>
  db.model(EVENTS).findOne({ _id: of.eventId, accountId: of.accountId }).lean<StoredEvent>();

/** The fact that a record was deleted, or null. */
export async function findDeletion(
  db: Database,
  of: { accountId: AccountId; recordId: RecordId },
): Promise<Extract<Fact, { type: 'record.deleted' }> | null> {
  const { accountId, recordId } = of;
  const event = await db
    .model(EVENTS)
    .findOne({ accountId, recordId, 'fact.type': 'record.deleted' } as object)
    .lean<StoredEvent>();
  return event?.fact.type === 'record.deleted' ? event.fact : null;
}
