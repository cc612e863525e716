import { messageWorkflowIdOf, newId } from '../../lib/ids';
import { messageSettings } from '../../schemas/message';
import { saveAccountEdit } from '../../store/accounts';
import { transaction } from '../../store/database';
import { insertMessage } from '../../store/messages';
import { insertOutgoing } from '../../store/outgoing-messages';
import { appendRecordFacts } from '../../store/records';
import type { TestSystem } from '../servers/open-system';
import { storedOutgoing } from '../servers/stored';
import type { Told } from './stories';

/** Sends a message as a rule does: an e-mail into the inbox, an SMS through the webhook of the story. @returns its workflow */
export async function sendMessage({ db, pump }: TestSystem, entry: Told, kind: 'email' | 'sms'): Promise<string> {
  const { accountId, recordId, webhookId } = entry;
  const outgoingId = newId('outgoingMessage');
  const text = { name: 'Welcome', body: 'Dear [First Name]' };
  const settings = messageSettings.parse(kind === 'email' ? { kind, ...text, subject: 'Welcome' } : { kind, ...text });
  await transaction(db, async (session) => {
    if (kind === 'sms') await saveAccountEdit(db, session, { accountId, name: 'Test', smsWebhookId: webhookId });
    const { _id: messageId } = await insertMessage(db, session, { accountId, settings });
    const recipient = kind === 'email' ? 'ada@example.com' : '+4915112345678';
    const of = { _id: outgoingId, accountId, recordId, messageId, kind, recipient };
    await insertOutgoing(db, session, storedOutgoing(of));
    const facts = [{ type: 'message.requested' as const, outgoingId }];
    await appendRecordFacts(db, session, { accountId, recordId, facts, hops: 0 });
  });
  pump.nudge();
  return messageWorkflowIdOf(outgoingId);
}
