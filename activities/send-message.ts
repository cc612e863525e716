import { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { Mailer } from '../lib/outbound/mailer';
import type { AccountId, OutgoingMessageId } from '../schemas/ids';
import type { StoredOutgoingMessage } from '../schemas/outgoing-message';
import { getAccount } from '../store/accounts';
import type { Database } from '../store/database';
import { findMessage } from '../store/messages';
import { beginOutgoing, endOutgoing, findOutgoing, saveOutgoing } from '../store/outgoing-messages';
import { findWebhook } from '../store/webhooks';
import type { Dependencies } from './dependencies';
import { keepInInbox } from './keep-in-inbox';
import { orderSms, type SmsErrand } from './order-sms';
import { type Written, writeMessage } from './write-message';

const HEARTBEAT_MS = 5000;

export interface OutgoingInput {
  accountId: AccountId;
  outgoingId: OutgoingMessageId;
}

/** `deliver`: an SMS, which the delivery engine sends to the account's gateway. */
export type Sent = { kind: 'over' } | { kind: 'deliver'; errand: SmsErrand };

/**
 * One attempt to send a message. What became of it stands in its row; the workflow learns only ids.
 *
 * @throws ApplicationFailure `message.deferred` when another attempt may succeed; MongoDB's errors
 * @source docs/messages.md
 */
export async function sendMessage(deps: Dependencies, { outgoingId }: OutgoingInput): Promise<Sent> {
  const { db } = deps;
  const row = await beginOutgoing(db, outgoingId);
  if (!row) return { kind: 'over' };
  const message = await findMessage(db, row);
  const written = await writeMessage(deps, row, message);
  if ('problem' in written) {
    await endOutgoing(db, row, { status: 'failed', error: written.problem });
    return { kind: 'over' };
  }
  // What a system that tells of opens and clicks is to send back.
  const headers = { 'x-hookline-message': String(message?.number ?? ''), 'x-hookline-record': row.recordId };
  if (row.kind === 'email' && deps.mailer) {
    await sendEmail(db, deps.mailer, row, { written, headers });
    return { kind: 'over' };
  }
  const account = await getAccount(db, row.accountId);
  const { smsWebhookId } = account.settings;
  const gateway =
    row.kind === 'sms' && smsWebhookId
      ? await findWebhook(db, { accountId: row.accountId, webhookId: smsWebhookId })
      : null;
  if (gateway) return { kind: 'deliver', errand: await orderSms(db, row, gateway) };
  await saveOutgoing(db, row._id, { way: 'inbox' });
  await keepInInbox(db, account, { row, written, headers });
  await endOutgoing(db, row, { status: 'sent', error: null });
  return { kind: 'over' };
}

async function sendEmail(
  db: Database,
  mailer: Mailer,
  row: StoredOutgoingMessage,
  of: { written: Written; headers: Record<string, string> },
): Promise<void> {
  const { _id: id } = row;
  await saveOutgoing(db, id, { way: 'smtp' });
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
  const outcome = await mailer.send({ id, ...of.written, headers: of.headers }).finally(() => clearInterval(beat));
  if (outcome.kind === 'deferred') {
    await saveOutgoing(db, id, { error: outcome.error });
    throw ApplicationFailure.create({
      message: 'The SMTP server did not take the message; its row says why.',
      type: 'message.deferred',
      category: ApplicationFailureCategory.BENIGN,
    });
  }
  const end =
    outcome.kind === 'sent'
      ? { status: 'sent' as const, error: null }
      : { status: 'failed' as const, error: outcome.error };
  await endOutgoing(db, row, end);
}

/** Ends a message whose attempts are used up, or whose delivery is over. @throws MongoDB's errors */
export async function settleMessage(
  { db }: Dependencies,
  { outgoingId, result }: OutgoingInput & { result: 'sent' | 'failed' },
): Promise<void> {
  const row = await findOutgoing(db, outgoingId);
  if (!row) return;
  const failed = row.error ?? (row.deliveryId ? 'the gateway did not take it; see its delivery' : 'no attempt ended');
  await endOutgoing(db, row, { status: result, error: result === 'sent' ? null : failed });
}
