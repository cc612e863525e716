import { templatesOf } from '../domain/check-message';
import { renderMessage } from '../domain/render-message';
import type { StoredMessage } from '../schemas/message';
import type { StoredOutgoingMessage } from '../schemas/outgoing-message';
import { saveOutgoing } from '../store/outgoing-messages';
import { findRecord } from '../store/records';
import type { Dependencies } from './dependencies';
import { readMergeValues } from './read-merge-record';

export type Written = NonNullable<StoredOutgoingMessage['written']>;

/**
 * Writes a message with the values of its record, once: every attempt sends the same.
 *
 * @returns a problem (a sentence) when it can never be sent
 * @throws MongoDB's errors
 * @source docs/messages.md
 */
export async function writeMessage(
  deps: Dependencies,
  row: StoredOutgoingMessage,
  message: StoredMessage | null,
): Promise<Written | { problem: string }> {
  if (row.written) return row.written;
  const { db, frames } = deps;
  const { accountId, objectTypeId } = row;
  const record = await findRecord(db, row);
  if (!message) return { problem: 'the message was deleted' };
  if (!record) return { problem: 'the record was deleted' };
  const { settings, updatedAt: editedAt } = message;
  const { objectType } = await frames.read({ accountId, objectTypeId, editedAt });
  const templates = [...templatesOf(settings).map(([, template]) => template), row.recipient ?? ''];
  const merged = await readMergeValues(deps, { accountId, editedAt, templates, record, objectType });
  const written = renderMessage(settings, row.recipient, merged, objectType);
  if (!('problem' in written)) await saveOutgoing(db, row._id, { written });
  return written;
}
