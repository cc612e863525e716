import { z } from 'zod';
import { type AccountId, type DeliveryId, idSchema, type RecordId, type WebhookId } from '../../schemas/ids';
import { type Database, transaction } from '../../store/database';
import { getRecord } from '../../store/records';
import { getWebhook } from '../../store/webhooks';
import { invalid } from '../problem';
import { readRoute } from '../route';
import { orderTest } from './order-test';
import { refuseOwned } from './refuse-owned';
import { showTest, testAnswer } from './test-answer';

/** A test of a webhook that is nobody else's, with a record of its object type. */
const orderWebhookTest = (
  db: Database,
  of: { accountId: AccountId; webhookId: WebhookId; recordId: RecordId },
): Promise<DeliveryId> =>
  transaction(db, async (session) => {
    const webhook = await getWebhook(db, of, session);
    refuseOwned(webhook);
    const record = await getRecord(db, of, session);
    const { name, objectTypeId } = webhook.settings;
    if (record.objectTypeId !== objectTypeId)
      throw invalid({ path: 'recordId', message: `must be a record of object type ${objectTypeId}` });
    return orderTest(db, session, { ...of, record, source: { type: 'test', name } });
  });

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
      const deliveryId = await orderWebhookTest(api.db, { accountId, ...params, ...body });
      api.onEvents();
      return showTest(api, { accountId, deliveryId });
    },
  }),
];
