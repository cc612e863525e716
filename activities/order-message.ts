import { now } from '../lib/clock';
import { newId } from '../lib/ids';
import type { MessageId, OutgoingMessageId } from '../schemas/ids';
import type { MessageKind } from '../schemas/message';
import type { Database, Session } from '../store/database';
import { insertOutgoing } from '../store/outgoing-messages';
import type { Firing } from './fire-rule';

/**
 * Queues a message that a rule sends; it is written when it is first tried.
 *
 * @param of.place     of the action in the rule, from 0
 * @param of.recipient template of the address; null sends to the record itself
 */
export async function orderMessage(
  db: Database,
  session: Session,
  of: Firing & { place: number; messageId: MessageId; kind: MessageKind; recipient: string | null },
): Promise<OutgoingMessageId> {
  const { event, rule, place, messageId, kind, recipient } = of;
  const outgoingId = newId('outgoingMessage');
  await insertOutgoing(db, session, {
    _id: outgoingId,
    accountId: event.accountId,
    messageId,
    kind,
    recordId: event.recordId,
    objectTypeId: event.objectTypeId,
    source: {
      type: rule.formId === null ? 'rule' : 'form',
      ruleId: rule._id,
      name: rule.settings.name,
      eventId: event._id,
      action: place,
    },
    recipient,
    status: 'queued',
    attempts: 0,
    written: null,
    way: null,
    deliveryId: null,
    error: null,
    createdAt: now(),
    finishedAt: null,
  });
  return outgoingId;
}
