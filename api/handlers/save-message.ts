import { checkMessage } from '../../domain/check-message';
import { AppError } from '../../lib/errors';
import type { AccountId, MessageId } from '../../schemas/ids';
import type { MessageSettings, StoredMessage } from '../../schemas/message';
import type { Database, Session } from '../../store/database';
import { lockWebhookUse } from '../../store/locks';
import { getMessage, insertMessage, saveMessage } from '../../store/messages';
import { listObjectTypes } from '../../store/object-types';
import { isMessageOnRule } from '../../store/rules';
import { refuse } from '../problem';

/** Creates a message after the checks. @throws AppError `request.invalid` with paths inside `settings` */
export async function createMessage(
  db: Database,
  session: Session,
  given: { accountId: AccountId; settings: MessageSettings },
): Promise<StoredMessage> {
  await refuseBadMessage(db, session, given);
  return insertMessage(db, session, given);
}

/**
 * Replaces the settings of a message after the checks. What rules rely on, its kind and object type, stays as long as one
 * sends it.
 *
 * @throws AppError `message.not-found`, `message.in-use`, `request.invalid`
 */
export async function changeMessage(
  db: Database,
  session: Session,
  edit: { accountId: AccountId; messageId: MessageId; settings: MessageSettings },
): Promise<StoredMessage> {
  await lockWebhookUse(db, session, edit.accountId);
  const { settings: before } = await getMessage(db, edit, session);
  await refuseBadMessage(db, session, edit);
  const { kind, objectTypeId } = edit.settings;
  const isOther = before.kind !== kind || before.objectTypeId !== objectTypeId;
  if (isOther && (await isMessageOnRule(db, session, edit))) throw new AppError('message.in-use');
  return saveMessage(db, session, edit);
}

async function refuseBadMessage(
  db: Database,
  session: Session,
  given: { accountId: AccountId; settings: MessageSettings },
): Promise<void> {
  const types = await listObjectTypes(db, given.accountId, session);
  refuse(checkMessage(given.settings, new Map(types.map((type) => [type.objectTypeId, type]))), 'settings.');
}
