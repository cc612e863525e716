import type { DeliveryOrigin, StoredDelivery } from '../schemas/delivery';
import type { DeliverySource } from '../schemas/delivery-source';
import type { AccountId, DeliveryId, WebhookId } from '../schemas/ids';

/** What asks for a delivery at most once: a step of an entry, an event and a rule's action; a test asks for itself. @throws never */
export function sourceKeyOf(source: DeliverySource, deliveryId: DeliveryId): string {
  switch (source.type) {
    case 'map':
      return `map:${source.positionId}:${source.step}`;
    case 'rule':
    case 'form':
      return `rule:${source.ruleId}:${source.eventId}:${source.action}`;
    case 'subscription':
      return `subscription:${source.subscriptionId}:${source.eventId}`;
    case 'test':
      return `test:${deliveryId}`;
  }
}

/**
 * The row of a delivery that nothing has happened to yet.
 *
 * @param of.origin  what never changes of it; its workflow carries the same
 * @param of.payload its body, where that was rendered when its event came
 * @throws never
 */
export const queuedDelivery = (of: {
  deliveryId: DeliveryId;
  accountId: AccountId;
  webhookId: WebhookId;
  origin: DeliveryOrigin;
  payload?: string;
}): StoredDelivery => ({
  _id: of.deliveryId,
  accountId: of.accountId,
  webhookId: of.webhookId,
  recordId: of.origin.recordId,
  objectTypeId: of.origin.objectTypeId,
  source: of.origin.source,
  sourceKey: sourceKeyOf(of.origin.source, of.deliveryId),
  status: 'queued',
  class: null,
  responseStatus: null,
  attempts: [],
  newest: { call: -1, attempt: 0 },
  round: { number: 0, firstCall: 0 },
  override: null,
  payload: of.payload ?? null,
  nextAttemptAt: null,
  waitingFor: null,
  workflowId: of.origin.workflowId,
  createdAt: new Date(of.origin.createdAt),
  finishedAt: null,
  host: of.origin.host ?? null,
});
