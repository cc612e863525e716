import type { z } from 'zod';
import type { StoredWebhook } from '../../schemas/webhook';
import type { webhookQueueSchema } from '../../schemas/webhook-queue';
import type { Database } from '../../store/database';
import { findPaces, gapMs } from '../../store/paces';
import { describeQueue } from '../../store/waiting-deliveries';

const MINUTE_MS = 60_000;

/** What waits before a webhook, and how fast it goes. */
export async function describeWebhookQueue(
  db: Database,
  webhook: StoredWebhook,
): Promise<z.input<typeof webhookQueueSchema>> {
  const [[pace], queue] = await Promise.all([findPaces(db, [webhook._id]), describeQueue(db, webhook._id)]);
  const limit = webhook.settings.requestsPerMinute;
  const nowMs = pace?.now.getTime() ?? 0;
  const openMs = pace?.openUntil?.getTime() ?? 0;
  const isHeld = (webhook.status ?? 'active') !== 'active';
  const lastMs = pace ? Math.max(pace.turnAt.getTime(), pace.bounceAt.getTime(), openMs) : 0;
  const asleepMs = Math.max(0, openMs - nowMs) + queue.asleep * gapMs(limit);
  const leastMs = Math.min(queue.length, 2) * gapMs(limit);
  const clearsMs = queue.length === 0 ? 0 : Math.max(lastMs - nowMs, asleepMs, leastMs);
  const clearsInSeconds = isHeld ? null : Math.ceil(clearsMs / 1000);
  return {
    requestsPerMinute: limit,
    sentLastMinute: (pace?.counts ?? [])
      .filter(({ at }) => at.getTime() > nowMs - MINUTE_MS)
      .reduce((sum, { sent }) => sum + sent, 0),
    length: queue.length,
    held: queue.held,
    oldestAgeSeconds: queue.oldestAt ? Math.max(0, Math.round((nowMs - queue.oldestAt.getTime()) / 1000)) : null,
    clearsInSeconds,
    clearsIn: clearsInSeconds === null ? null : forPeople(clearsInSeconds),
    breaker: { isOpen: openMs > nowMs, nextTryAt: openMs > nowMs ? new Date(openMs).toISOString() : null },
    failing: pace?.failing ? { attempts: pace.failing.count, since: pace.failing.since.toISOString() } : null,
  };
}

function forPeople(seconds: number): string {
  if (seconds < 60) return `about ${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `about ${minutes} m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `about ${hours} h ${minutes % 60} m` : `about ${Math.round(hours / 24)} days`;
}
