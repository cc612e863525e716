import type { OutgoingMessageId } from '../../schemas/ids';
import type { Database } from '../../store/database';
import { findOutgoing } from '../../store/outgoing-messages';
import { startDeliverMessage } from '../start-workflows';
import type { Engine } from '../temporal-client';

/**
 * Starts the workflow of a message that a rule sends. One that is over, or was started before, is left alone.
 *
 * @throws MongoDB's and Temporal's errors; the event is then tried again
 */
export async function startRequestedMessage(
  { db, engine }: { db: Database; engine: Engine },
  outgoingId: OutgoingMessageId,
): Promise<void> {
  const row = await findOutgoing(db, outgoingId);
  if (row?.status !== 'queued') return;
  const { accountId, recordId, source } = row;
  await startDeliverMessage(engine, { accountId, outgoingId, recordId, title: source.name });
}
