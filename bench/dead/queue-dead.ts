import { WorkflowNotFoundError } from '@temporalio/client';
import { pause } from '../../lib/clock';
import { deliveryWorkflowIdOf } from '../../lib/ids';
import type { AccountId, DeliveryId, RecordId, WebhookId } from '../../schemas/ids';
import type { Database } from '../../store/database';
import { DELIVERIES } from '../../store/deliveries';
import { findPaces, gapMs } from '../../store/paces';
import type { Engine } from '../../workers/temporal-client';
import { CONNECTIONS, insertDeliveries, LEAD_MS, startDeliveries } from '../limits/fill';
import { makeWebhook, setFirstTurn } from '../limits/prepare-webhooks';
import { DEAD_PATH } from '../receiver-main';

/** Webhooks whose receiver takes requests and never answers, with their queues. */
export interface DeadQueue {
  webhookIds: WebhookId[];
  deliveryIds: DeliveryId[];
  /** When the first of the deliveries leaves, Unix milliseconds */
  leavesMs: number;
}

/** What the dead webhooks did so far; `breakerOpenings`: of the one that has most. */
export interface DeadState {
  attempts: number;
  byStatus: Record<string, number>;
  breakerOpenings: number;
}

const TERMINATE_CONNECTIONS = 16;
/** Started; its first task scheduled, started, completed */
const TAKEN_EVENTS = 4;
const nowMs = (): number => performance.timeOrigin + performance.now();

/** Makes dead webhooks and queues deliveries for them in turn; none leaves before all are there and their workflows sleep. */
export async function queueDead(
  on: { db: Database; engine: Engine },
  of: {
    accountId: AccountId;
    recordId: RecordId;
    receiverUrl: string;
    key: string;
    webhooks: number;
    /** Requests a minute, and seconds that a request may take, of each */
    limit: number;
    timeLimitSeconds: number;
    queued: number;
    perSecond: number;
    /** Milliseconds between the last that is queued and the first that leaves */
    calmMs: number;
    /** Its receiver answers, for comparison */
    isHealthy: boolean;
  },
): Promise<DeadQueue> {
  const { accountId, recordId, queued, limit, timeLimitSeconds } = of;
  const turnMs = nowMs() + (queued * 1000) / of.perSecond + of.calmMs + LEAD_MS;
  const webhookIds: WebhookId[] = [];
  for (let index = 0; index < of.webhooks; index++) {
    const key = `${of.key}-${index}`;
    const url = `${of.receiverUrl}${of.isHealthy ? '/hooks' : DEAD_PATH}/${key}`;
    const { webhookId } = await makeWebhook(on.db, { accountId, url, key, limit, timeLimitSeconds });
    // At moments of their own, as strangers' webhooks send; all at once would be a bench of bursts.
    await setFirstTurn(on.db, webhookId, turnMs + (index * gapMs(limit)) / of.webhooks);
    webhookIds.push(webhookId);
  }
  const inTurn = Array.from({ length: queued }, (_, index) => webhookIds[index % of.webhooks] as WebhookId);
  const deliveryIds = await insertDeliveries(on.db, { accountId, recordId, webhookIds: inTurn });
  await startDeliveries(on, deliveryIds, of);
  await untilTaken(on.engine, deliveryIds);
  return { webhookIds, deliveryIds, leavesMs: turnMs - LEAD_MS };
}

/** Workers take workflow tasks in order: with the last ones through, nothing of the queueing is left for the phase. */
async function untilTaken(engine: Engine, deliveryIds: readonly DeliveryId[]): Promise<void> {
  for (const id of deliveryIds.slice(-CONNECTIONS)) {
    const handle = engine.client.workflow.getHandle(deliveryWorkflowIdOf(id, 0));
    while ((await handle.describe()).historyLength < TAKEN_EVENTS) await pause(500);
  }
}

/** What has become of the queues. */
export async function describeDead(db: Database, { webhookIds }: DeadQueue): Promise<DeadState> {
  const counts = (await db
    .model(DELIVERIES)
    .collection.aggregate([
      { $match: { webhookId: { $in: webhookIds } } },
      { $group: { _id: '$status', count: { $sum: 1 }, attempts: { $sum: { $size: '$attempts' } } } },
    ])
    .toArray()) as unknown as { _id: string; count: number; attempts: number }[];
  const paces = await findPaces(db, webhookIds);
  return {
    attempts: counts.reduce((sum, { attempts }) => sum + attempts, 0),
    byStatus: Object.fromEntries(counts.map(({ _id, count }) => [_id, count])),
    breakerOpenings: Math.max(...paces.map(({ openings }) => openings ?? 0)),
  };
}

/** Ends all workflows of the queue, so that nothing of it is left. */
export async function endDead(engine: Engine, { deliveryIds }: DeadQueue): Promise<void> {
  const left = [...deliveryIds];
  const run = async (): Promise<void> => {
    for (let id = left.pop(); id; id = left.pop()) {
      const handle = engine.client.workflow.getHandle(deliveryWorkflowIdOf(id, 0));
      await handle.terminate('the phase is over').catch((error: unknown) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: TERMINATE_CONNECTIONS }, run));
}
