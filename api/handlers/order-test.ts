import { queuedDelivery } from '../../domain/queued-delivery';
import { now } from '../../lib/clock';
import { deliveryWorkflowIdOf, newId } from '../../lib/ids';
import type { TestSource } from '../../schemas/delivery-source';
import type { AccountId, DeliveryId, WebhookId } from '../../schemas/ids';
import type { StoredRecord } from '../../schemas/record';
import type { Database, Session } from '../../store/database';
import { insertDelivery } from '../../store/deliveries';
import { appendRecordFacts } from '../../store/records';
import { refuseHeld } from './webhook-status';

/**
 * A delivery that is marked as a test, and the fact by which the pump starts it.
 *
 * @param of.payload its body; the webhook's own when absent
 * @throws AppError `webhook.held`
 */
export async function orderTest(
  db: Database,
  session: Session,
  of: {
    accountId: AccountId;
    webhookId: WebhookId;
    record: Pick<StoredRecord, '_id' | 'objectTypeId'>;
    source: TestSource;
    payload?: string;
  },
): Promise<DeliveryId> {
  const { accountId, webhookId, source, payload } = of;
  const { _id: recordId, objectTypeId } = of.record;
  await refuseHeld(db, session, of);
  const deliveryId = newId('delivery');
  const workflowId = deliveryWorkflowIdOf(deliveryId, 0);
  const origin = { recordId, objectTypeId, source, workflowId, createdAt: now().toISOString() };
  const body = payload === undefined ? {} : { payload };
  await insertDelivery(db, session, queuedDelivery({ deliveryId, accountId, webhookId, origin, ...body }));
  const facts = [{ type: 'delivery.requested' as const, deliveryId }];
  await appendRecordFacts(db, session, { accountId, recordId, facts, hops: 0 });
  return deliveryId;
}
