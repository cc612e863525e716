import { proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { DeliveryOrder } from '../schemas/entry';

/** Immediate work inside the workflow task; repeated for as long as MongoDB is away. */
export const { advance } = proxyLocalActivities<Pick<Activities, 'advance'>>({
  startToCloseTimeout: '20s',
  localRetryThreshold: '20s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '15s' },
});

/** A look before an attempt is scheduled, inside the workflow task. */
export const { lookAhead } = proxyLocalActivities<Pick<Activities, 'lookAhead'>>({
  startToCloseTimeout: '10s',
  localRetryThreshold: '10s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '5s' },
});

/** Lands what could not be logged; repeated until it has. */
export const { recordDelivery } = proxyActivities<Pick<Activities, 'recordDelivery'>>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
  summary: 'Write the webhook log',
});

/** One page of a bulk job; repeated until it is done. */
export const { runJobPage } = proxyActivities<Pick<Activities, 'runJobPage'>>({
  startToCloseTimeout: '10m',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
  summary: 'Next page',
});

/**
 * More than an attempt can take: 11 s in place for its slot, 30 s for the request, and MongoDB's own time limits. The same
 * for all, since a webhook's time limit may be raised while its deliveries wait: an attempt that is given up while its
 * request is under way is sent twice. Dead workers are noticed by their heartbeats.
 */
const ATTEMPT_MS = 120_000;
const REQUESTS_PER_MINUTE_MAX = 180;
const QUEUE = 'maps';

/**
 * The activity that sends, with the webhook's attempts and rate. Never scheduleToStart or scheduleToClose: both count
 * the wait for the rate limit.
 *
 * @param order.attemptsLeft attempts that the receiver still gets, 1..10
 * @param order.isComeback   whether it was told to come back: then it goes to the queue that only the slot guards
 */
export function sendingProxy(
  order: DeliveryOrder & { title: string; attemptsLeft: number; isComeback: boolean },
): Pick<Activities, 'sendWebhook'> {
  const prefix = workflowInfo().taskQueue.slice(0, -QUEUE.length);
  return proxyActivities<Pick<Activities, 'sendWebhook'>>({
    taskQueue: `${prefix}${order.isComeback ? 'webhooks-due' : 'webhooks'}`,
    startToCloseTimeout: ATTEMPT_MS,
    heartbeatTimeout: 10_000,
    // A request that is on its way is finished, and its outcome counts.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: {
      maximumAttempts: order.attemptsLeft,
      initialInterval: order.firstGapMs,
      backoffCoefficient: 2,
      maximumInterval: '24h',
    },
    priority: { fairnessKey: order.webhookId, fairnessWeight: order.requestsPerMinute / REQUESTS_PER_MINUTE_MAX },
    summary: `Webhook: ${order.title}`.slice(0, 150),
  });
}

/** Longest that a connection to an SMTP server takes, and what MongoDB needs around it. */
const MESSAGE_MS = 120_000;

/** The activity that sends a message: ten attempts within about three and a half hours. */
export function messageProxy(): Pick<Activities, 'sendMessage'> {
  const prefix = workflowInfo().taskQueue.slice(0, -QUEUE.length);
  return proxyActivities<Pick<Activities, 'sendMessage'>>({
    taskQueue: `${prefix}messages`,
    startToCloseTimeout: MESSAGE_MS,
    heartbeatTimeout: 15_000,
    retry: { maximumAttempts: 10, initialInterval: '5s', backoffCoefficient: 3, maximumInterval: '1h' },
    summary: 'Send the message',
  });
}

/** Lands how a message ended; repeated until it has. */
export const { settleMessage } = proxyActivities<Pick<Activities, 'settleMessage'>>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
  summary: 'Write how it ended',
});
