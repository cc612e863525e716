import { z } from 'zod';
import { queuedDelivery } from '../../domain/queued-delivery';
import { monotonicMs, now, pause } from '../../lib/clock';
import { deliveryWorkflowIdOf, newId } from '../../lib/ids';
import { signatureBase } from '../../lib/secrets/signature';
import { FINAL_STATUSES, type StoredDelivery } from '../../schemas/delivery';
import { deliverySchema } from '../../schemas/delivery-answer';
import { type AccountId, type DeliveryId, idSchema, type RecordId, type WebhookId } from '../../schemas/ids';
import { type Database, transaction } from '../../store/database';
import { getDelivery, insertDelivery } from '../../store/deliveries';
import { appendRecordFacts, getRecord } from '../../store/records';
import { getWebhook } from '../../store/webhooks';
import { invalid } from '../problem';
import { readRoute } from '../route';
import { showDelivery } from './delivery-answer';
import { refuseOwned } from './refuse-owned';
import { refuseHeld } from './webhook-status';

/** The longest request with the longest wait in place for a slot. */
const WAIT_MS = 45_000;
const LOOK_MS = 40;
const LOGGED_BODY_CHARS = 16 * 1024;

/** A delivery that is marked as a test, and the fact by which the pump starts it. */
async function orderTest(
  db: Database,
  of: { accountId: AccountId; webhookId: WebhookId; recordId: RecordId },
): Promise<DeliveryId> {
  const { accountId, webhookId, recordId } = of;
  const deliveryId = newId('delivery');
  await transaction(db, async (session) => {
    const webhook = await getWebhook(db, of, session);
    refuseOwned(webhook);
    await refuseHeld(db, session, of);
    const { objectTypeId } = await getRecord(db, of, session);
    if (objectTypeId !== webhook.settings.objectTypeId)
      throw invalid({ path: 'recordId', message: `must be a record of object type ${webhook.settings.objectTypeId}` });
    const origin = {
      recordId,
      objectTypeId,
      source: { type: 'test' as const, name: webhook.settings.name },
      workflowId: deliveryWorkflowIdOf(deliveryId, 0),
      createdAt: now().toISOString(),
    };
    await insertDelivery(db, session, queuedDelivery({ deliveryId, accountId, webhookId, origin }));
    const facts = [{ type: 'delivery.requested' as const, deliveryId }];
    await appendRecordFacts(db, session, { accountId, recordId, facts, hops: 0 });
  });
  return deliveryId;
}

async function untilOver(db: Database, of: { accountId: AccountId; deliveryId: DeliveryId }): Promise<StoredDelivery> {
  const startedMs = monotonicMs();
  for (;;) {
    const row = await getDelivery(db, of);
    if (FINAL_STATUSES.includes(row.status) || monotonicMs() - startedMs > WAIT_MS) return row;
    await pause(LOOK_MS);
  }
}

/** What the request of a test was signed over; null when nothing was sent, or its body is too long to be in the log. */
function baseOf(row: StoredDelivery): string | null {
  const request = row.attempts.at(-1)?.request;
  const timestamp = request?.headers['webhook-timestamp'];
  if (!request || timestamp === undefined || request.body.length >= LOGGED_BODY_CHARS) return null;
  return signatureBase({ id: row._id, timestampSeconds: Number(timestamp), body: request.body });
}

/** Sending a webhook by hand, with a real record. */
export const testWebhookRoutes = [
  readRoute({
    scope: 'key',
    tag: 'Webhooks',
    method: 'post',
    path: '/v1/webhooks/:webhookId/test',
    summary: 'Send a webhook once with a real record, and see the request and the answer',
    description:
      'One attempt, in a slot of the webhook, marked as a test in the webhook log. Answers when it is over; while the webhook is busy that can take some seconds.',
    params: z.object({ webhookId: idSchema('webhook') }),
    body: z.object({ recordId: idSchema('record') }),
    response: deliverySchema.extend({
      signatureBase: z
        .string()
        .nullable()
        .meta({ description: 'What the signature is over: id, timestamp and body, joined by dots' }),
    }),
    handler: async ({ db, engine, onEvents }, { account, params, body }) => {
      const accountId = account._id;
      const deliveryId = await orderTest(db, { accountId, ...params, ...body });
      onEvents();
      const row = await untilOver(db, { accountId, deliveryId });
      return { ...showDelivery(engine, row), signatureBase: baseOf(row) };
    },
  }),
];
