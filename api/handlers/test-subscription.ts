import { z } from 'zod';
import { type AccountId, type DeliveryId, idSchema, type RecordId, type SubscriptionId } from '../../schemas/ids';
import type { StoredSubscription } from '../../schemas/subscription';
import { type Database, type Session, transaction } from '../../store/database';
import { listRecords } from '../../store/list-records';
import { getRecord } from '../../store/records';
import { getSubscription } from '../../store/subscriptions';
import { invalid } from '../problem';
import { readRoute } from '../route';
import { sampleOf, samplePayload } from '../sample-payload';
import { orderTest } from './order-test';
import { showTest, testAnswer } from './test-answer';

/** The payload of the documents, with the number of this subscription and the target that it names. */
function payloadOf({ number, settings, eventString }: StoredSubscription): string {
  const { event, format, encoding } = settings;
  const fact = sampleOf(event.type as Parameters<typeof sampleOf>[0]);
  const [, named = ''] = /^\w+\(([^,)]+)/.exec(eventString) ?? [];
  return samplePayload(fact, format, encoding, { number, ...(named === '' || named === '0' ? {} : { target: named }) });
}

/** The record under which the log has it: the one that is named, else the latest. @throws AppError `record.not-found`, `request.invalid` */
async function findHolder(
  db: Database,
  session: Session,
  of: { accountId: AccountId; recordId: RecordId | undefined },
): Promise<{ _id: RecordId; objectTypeId: number }> {
  const { accountId, recordId } = of;
  if (recordId !== undefined) return getRecord(db, { accountId, recordId }, session);
  const any = { accountId, objectTypeId: undefined, tagId: undefined, email: undefined };
  const [latest] = (await listRecords(db, any, { limit: 1 })).items;
  if (!latest) throw invalid({ path: 'recordId', message: 'must be given: the account has no record yet' });
  return latest;
}

const orderSubscriptionTest = (
  db: Database,
  of: { accountId: AccountId; subscriptionId: SubscriptionId; recordId: RecordId | undefined },
): Promise<DeliveryId> =>
  transaction(db, async (session) => {
    const { accountId, subscriptionId } = of;
    const subscription = await getSubscription(db, of, session);
    const { webhookId, eventString: name } = subscription;
    return orderTest(db, session, {
      accountId,
      webhookId,
      record: await findHolder(db, session, of),
      source: { type: 'test', name, subscriptionId },
      payload: payloadOf(subscription),
    });
  });

/** Sending a subscriber the sample of its event by hand. */
export const testSubscriptionRoutes = [
  readRoute({
    scope: 'key',
    tag: 'Subscriptions',
    method: 'post',
    path: '/v1/subscriptions/:subscriptionId/test',
    summary: 'Send the sample payload of the event once, and see the request and the answer',
    description:
      'One attempt, signed, in its format and encoding, marked as a test in the webhook log: there it stands under "recordId", or else under the latest record. "data" is that of the sample, whose record does not exist. Answers when it is over.',
    params: z.object({ subscriptionId: idSchema('subscription') }),
    body: z.object({ recordId: idSchema('record').optional() }),
    example: {},
    response: testAnswer,
    handler: async (api, { account, params, body }) => {
      const accountId = account._id;
      const deliveryId = await orderSubscriptionTest(api.db, { accountId, ...params, recordId: body.recordId });
      api.onEvents();
      return showTest(api, { accountId, deliveryId });
    },
  }),
];
