import { attemptsOf, scheduleGapsSeconds } from '../domain/choose-retry';
import { queuedDelivery } from '../domain/queued-delivery';
import { now } from '../lib/clock';
import { hostOf } from '../lib/host-of';
import { newId } from '../lib/ids';
import type { DeliveryOrigin, StoredDelivery } from '../schemas/delivery';
import type { DeliveryOrder, Passage } from '../schemas/entry';
import type { WebhookId } from '../schemas/ids';
import type { StoredWebhook } from '../schemas/webhook';
import type { AdvanceInput } from './advance';

const FIRST_GAP_DEFAULT_SECONDS = 5;

/** What a workflow schedules the attempts of a webhook by; a deleted one gets a single attempt, which says so. */
export function termsOf(
  webhook: StoredWebhook | null,
): Pick<DeliveryOrder, 'requestsPerMinute' | 'maxAttempts' | 'firstGapMs' | 'looksAhead'> {
  const gaps = webhook ? scheduleGapsSeconds(webhook.settings.schedule) : [];
  return {
    requestsPerMinute: webhook?.settings.requestsPerMinute ?? 180,
    maxAttempts: webhook ? attemptsOf(webhook.settings) : 1,
    looksAhead: true,
    firstGapMs: (gaps[0] ?? FIRST_GAP_DEFAULT_SECONDS) * 1000,
  };
}

/** A new delivery for a webhook element: the row of the log, and what the workflow needs to schedule it. */
export function orderDelivery(from: {
  passage: Passage;
  webhook: StoredWebhook | null;
  webhookId: WebhookId;
  elementId: string;
  input: AdvanceInput;
}): { order: DeliveryOrder; delivery: StoredDelivery } {
  const { passage, webhook, webhookId, input } = from;
  const deliveryId = newId('delivery');
  const origin: DeliveryOrigin = {
    recordId: passage.recordId,
    objectTypeId: passage.objectTypeId,
    source: {
      type: 'map',
      mapId: passage.mapId,
      name: passage.mapName,
      elementId: from.elementId,
      entryId: input.entryId,
      positionId: input.positionId,
      step: input.step,
    },
    workflowId: passage.workflowId,
    createdAt: now().toISOString(),
    host: hostOf(webhook?.settings.url ?? ''),
  };
  return {
    order: { deliveryId, webhookId, ...termsOf(webhook), origin },
    delivery: queuedDelivery({ deliveryId, accountId: passage.accountId, webhookId, origin }),
  };
}
