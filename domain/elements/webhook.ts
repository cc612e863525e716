import type { Cause } from '../../schemas/cause';
import type { ElementOf } from '../../schemas/element';
import type { Arrival, Leaving } from './arrival';

/** Stops until the delivery is over. @throws never */
export const arriveAtWebhook = (element: ElementOf<'webhook'>): Arrival => ({
  stop: { kind: 'send', webhookId: element.settings.webhookId },
});

/**
 * Delivered: on by `next`. Failed or cancelled: by `failed` where it leads somewhere, else as the element's setting says.
 *
 * @param hasFailedPort whether the port `failed` is connected
 * @throws never
 */
export function leaveWebhook(
  element: ElementOf<'webhook'>,
  cause: Extract<Cause, { kind: 'sent' }>,
  hasFailedPort: boolean,
): Leaving {
  const status = cause.status === null ? '' : `, ${cause.status}`;
  if (cause.result === 'delivered') return { port: 'next', detail: `delivered${status}` };
  const detail = cause.result === 'cancelled' ? 'cancelled' : `failed: ${cause.class}${status}`;
  if (hasFailedPort) return { port: 'failed', detail };
  return element.settings.onFailure === 'exit'
    ? { port: null, detail, reason: 'webhook-failed' }
    : { port: 'next', detail };
}
