import { attemptsOf, scheduleGapsSeconds } from '../domain/choose-retry';
import { now } from '../lib/clock';
import { hostOf } from '../lib/host-of';
import { newId } from '../lib/ids';
import type { StoredDelivery } from '../schemas/delivery';
import type { DeliveryOrder, Passage } from '../schemas/entry';
import type { WebhookId } from '../schemas/ids';
import type { StoredWebhook } from '../schemas/webhook';
import type { AdvanceInput } from './advance';

const FIRST_GAP_DEFAULT_SECONDS = 5;

/** A new delivery for a webhook element: the row of the log, and what the workflow needs to schedule it. */
export function orderDelivery(from: {
  passage: Passage;
  webhook: StoredWebhook | null;
  webhookId: WebhookId;
  elementId: string;
  input: AdvanceInput;
}): { order: DeliveryOrder; delivery: StoredDelivery } {
  const { passage, webhook, input } = from;
  const deliveryId = newId('delivery');
  const gaps = webhook ? scheduleGapsSeconds(webhook.settings.schedule) : [];
  const order: DeliveryOrder = {
    deliveryId,
    webhookId: from.webhookId,
    requestsPerMinute: webhook?.settings.requestsPerMinute ?? 180,
    maxAttempts: webhook ? attemptsOf(webhook.settings) : 1,
    timeoutMs: (webhook?.settings.timeoutSeconds ?? 10) * 1000,
    firstGapMs: (gaps[0] ?? FIRST_GAP_DEFAULT_SECONDS) * 1000,
  };
  const delivery: StoredDelivery = {
    _id: deliveryId,
    accountId: passage.accountId,
    webhookId: from.webhookId,
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
    status: 'queued',
    class: null,
    responseStatus: null,
    attempts: [],
    newest: { call: -1, attempt: 0 },
    nextAttemptAt: null,
    workflowId: passage.workflowId,
    createdAt: now(),
    finishedAt: null,
    host: hostOf(webhook?.settings.url ?? ''),
  };
  return { order, delivery };
}
