import { newId } from '../../lib/ids';
import type { AccountId, RecordId, WebhookId } from '../../schemas/ids';
import { webhookSettings } from '../../schemas/webhook';
import { type Database, transaction } from '../../store/database';
import { PACES } from '../../store/paces';
import { RECORDS } from '../../store/records';
import { insertWebhook } from '../../store/webhooks';

/** One webhook of a run. */
export interface Subject {
  /** Comes back in its requests */
  key: string;
  webhookId: WebhookId;
  limit: number;
}

/** Makes a webhook whose requests carry its key. */
export async function makeWebhook(
  db: Database,
  of: { accountId: AccountId; url: string; key: string; limit: number; timeLimitSeconds?: number },
): Promise<Subject> {
  const settings = webhookSettings.parse({
    name: `${of.key} at ${of.limit}`,
    url: of.url,
    body: `{"key":"${of.key}","name":"[First Name]","email":"[Email]"}`,
    requestsPerMinute: of.limit,
    ...(of.timeLimitSeconds ? { timeoutSeconds: of.timeLimitSeconds } : {}),
  });
  const webhook = await transaction(db, (session) => insertWebhook(db, session, { accountId: of.accountId, settings }));
  return { key: of.key, webhookId: webhook._id, limit: of.limit };
}

/** Makes a webhook for each limit. */
export async function makeWebhooks(
  db: Database,
  of: { accountId: AccountId; receiverUrl: string; limits: readonly number[] },
): Promise<Subject[]> {
  const made: Subject[] = [];
  for (const [index, limit] of of.limits.entries()) {
    const key = `w${index}`;
    made.push(await makeWebhook(db, { accountId: of.accountId, url: `${of.receiverUrl}/hooks/${key}`, key, limit }));
  }
  return made;
}

/** The record that all deliveries are about. */
export async function makeRecord(db: Database, accountId: AccountId): Promise<RecordId> {
  const at = new Date();
  const _id = newId('record');
  const fields = { firstname: 'Ada', lastname: 'Lovelace', email: 'ada@example.com' };
  const record = { _id, accountId, objectTypeId: 0, fields, tagIds: [], eventSeq: 0, createdAt: at, updatedAt: at };
  await db.model(RECORDS).create([record]);
  return _id;
}

/** Lets the first turn of a webhook come at this instant: until then its deliveries pile up in their workflows. */
export async function setFirstTurn(db: Database, webhookId: WebhookId, atMs: number): Promise<void> {
  await db.model(PACES).updateOne({ _id: webhookId }, { $set: { turnAt: new Date(atMs) } });
}
