import { z } from 'zod';
import { queuedDelivery } from '../../domain/queued-delivery';
import { now } from '../../lib/clock';
import { deliveryWorkflowIdOf, newId } from '../../lib/ids';
import { type AccountId, type DeliveryId, idSchema, type RecordId, type WebhookId } from '../../schemas/ids';
import { type Database, transaction } from '../../store/database';
import { insertDelivery } from '../../store/deliveries';
import { appendRecordFacts, getRecord } from '../../store/records';
import { getWebhook } from '../../store/webhooks';
import { invalid } from '../problem';
import { readRoute } from '../route';
import { refuseOwned } from './refuse-owned';
import { showTest, testAnswer } from './test-answer';
import { refuseHeld } from './webhook-status';

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
    response: testAnswer,
    handler: async (api, { account, params, body }) => {
      const accountId = account._id;
      const deliveryId = await orderTest(api.db, { accountId, ...params, ...body });
      api.onEvents();
      return showTest(api, { accountId, deliveryId });
    },
  }),
];
