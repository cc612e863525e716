import { now } from '../lib/clock';
import { newId } from '../lib/ids';
import type { MessageId, OutgoingMessageId } from '../schemas/ids';
import type { MessageKind } from '../schemas/message';
import type { Database, Session } from '../store/database';
import { insertOutgoing } from '../store/outgoing-messages';
import type { Firing } from './fire-rule';
import { sourceOf } from './rule-effects';

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
  const { event, messageId, kind, recipient } = of;
  const outgoingId = newId('outgoingMessage');
  await insertOutgoing(db, session, {
    _id: outgoingId,
    accountId: event.accountId,
    messageId,
    kind,
    recordId: event.recordId,
    objectTypeId: event.objectTypeId,
    source: sourceOf(of),
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
