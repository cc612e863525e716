import type { WebhookId } from '../schemas/ids';

/** Successes of this process that are not counted yet: the webhook's next slot takes them along. */
export interface SuccessTally {
  add(webhookId: WebhookId): void;
  /** @returns how many since it was asked last */
  take(webhookId: WebhookId): number;
}

/** What a killed process had not handed on is missing in the shares of the circuit breaker, and nowhere else. */
export function openSuccessTally(): SuccessTally {
  const counts = new Map<WebhookId, number>();
  return {
    add: (webhookId) => void counts.set(webhookId, (counts.get(webhookId) ?? 0) + 1),
    take(webhookId) {
      const count = counts.get(webhookId) ?? 0;
      counts.delete(webhookId);
      return count;
    },
  };
}
