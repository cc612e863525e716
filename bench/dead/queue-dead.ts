import { WorkflowNotFoundError } from '@temporalio/client';
import { deliveryWorkflowIdOf } from '../../lib/ids';
import type { AccountId, DeliveryId, RecordId, WebhookId } from '../../schemas/ids';
import type { Database } from '../../store/database';
import { DELIVERIES } from '../../store/deliveries';
import { findPaces } from '../../store/paces';
import type { Engine } from '../../workers/temporal-client';
import { insertDeliveries, startDeliveries } from '../limits/fill';
import { makeWebhook, setFirstTurn } from '../limits/prepare-webhooks';
import { DEAD_PATH } from '../receiver-main';

/** A webhook whose receiver takes requests and never answers, with its queue. */
export interface DeadQueue {
  webhookId: WebhookId;
  deliveryIds: DeliveryId[];
  /** When the first of its deliveries leaves, Unix milliseconds */
  leavesMs: number;
}

/** What the dead webhook did so far. */
export interface DeadState {
  attempts: number;
  byStatus: Record<string, number>;
  breakerOpenings: number;
}

const LIMIT = 180;
const LEAD_MS = 15_000;
const TERMINATE_CONNECTIONS = 16;
const nowMs = (): number => performance.timeOrigin + performance.now();

/** Makes a dead webhook at 180 a minute and queues deliveries for it; none leaves before all are there. */
export async function queueDead(
  on: { db: Database; engine: Engine },
  of: {
    accountId: AccountId;
    recordId: RecordId;
    receiverUrl: string;
    key: string;
    queued: number;
    perSecond: number;
    /** Its receiver answers, for comparison */
    isHealthy: boolean;
  },
): Promise<DeadQueue> {
  const { accountId, recordId, queued, key } = of;
  const url = `${of.receiverUrl}${of.isHealthy ? '/hooks' : DEAD_PATH}/${key}`;
  const { webhookId } = await makeWebhook(on.db, { accountId, url, key, limit: LIMIT });
  const turnMs = nowMs() + (queued * 1000) / of.perSecond + 10_000 + LEAD_MS;
  await setFirstTurn(on.db, webhookId, turnMs);
  const webhookIds = Array<WebhookId>(queued).fill(webhookId);
  const deliveryIds = await insertDeliveries(on.db, { accountId, recordId, webhookIds });
  await startDeliveries(on, deliveryIds, of);
  return { webhookId, deliveryIds, leavesMs: turnMs - LEAD_MS };
}

/** What has become of the queue. */
export async function describeDead(db: Database, { webhookId }: DeadQueue): Promise<DeadState> {
  const counts = (await db
    .model(DELIVERIES)
    .collection.aggregate([
      { $match: { webhookId } },
      { $group: { _id: '$status', count: { $sum: 1 }, attempts: { $sum: { $size: '$attempts' } } } },
    ])
    .toArray()) as unknown as { _id: string; count: number; attempts: number }[];
  const [pace] = await findPaces(db, [webhookId]);
  return {
    attempts: counts.reduce((sum, { attempts }) => sum + attempts, 0),
    byStatus: Object.fromEntries(counts.map(({ _id, count }) => [_id, count])),
    breakerOpenings: pace?.openings ?? 0,
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
