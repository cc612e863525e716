import { pause } from '../lib/clock';
import type { Engine } from './temporal-client';

/** Most starts a second of one webhook at 180 a minute; a webhook with a lower limit weighs less. Source: docs/rate.md. */
const STARTS_PER_SECOND = 180 / 60.6;
const ACTIVITY_QUEUE = 2;
/** A busy server may tell of a queue from before the change for a moment. */
const READS = { most: 20, everyMs: 250 };

/**
 * Sets the rate of the `webhooks` queue, persisted by Temporal, and reads it back for up to 5 s.
 *
 * @throws when the server does not keep it (too old, or fairness is off)
 */
export async function setQueueLimits(engine: Engine): Promise<void> {
  const { workflowService } = engine.client;
  const queue = { namespace: engine.namespace, taskQueue: engine.queues.webhooks, taskQueueType: ACTIVITY_QUEUE };
  const rate = await readRate(engine);
  if (isSame(rate)) return;
  await workflowService.updateTaskQueueConfig({
    ...queue,
    identity: 'hookline',
    updateFairnessKeyRateLimitDefault: {
      rateLimit: { requestsPerSecond: STARTS_PER_SECOND },
      reason: 'at most 180 requests a minute for one webhook',
    },
  });
  let after = await readRate(engine);
  for (let reads = 1; !isSame(after) && reads < READS.most; reads++) {
    await pause(READS.everyMs);
    after = await readRate(engine);
  }
  if (!isSame(after))
    throw new Error(
      `Temporal keeps a rate of ${after} a second for queue ${queue.taskQueue}, not ${STARTS_PER_SECOND}`,
    );
}

const isSame = (rate: number | null): boolean => rate !== null && Math.abs(rate - STARTS_PER_SECOND) < 0.001;

async function readRate(engine: Engine): Promise<number | null> {
  const described = await engine.client.workflowService.describeTaskQueue({
    namespace: engine.namespace,
    taskQueue: { name: engine.queues.webhooks },
    taskQueueType: ACTIVITY_QUEUE,
    reportConfig: true,
  });
  return described.config?.fairnessKeysRateLimitDefault?.rateLimit?.requestsPerSecond ?? null;
}
