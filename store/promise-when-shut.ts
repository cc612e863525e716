import type { WebhookId } from '../schemas/ids';
import type { Database } from './database';
import { GAP, gapMs, PACES, type Pace, updatePace } from './paces';

type Shut = { because: 'held' } | { because: 'breaker'; waitMs: number };

/**
 * Whether nothing may leave for a webhook now; with an open circuit breaker also a promised slot behind it, so that
 * those who wait come back one gap apart.
 *
 * @returns null when something may leave, also for a webhook without a pace (deleted)
 */
export async function promiseWhenShut(db: Database, webhookId: WebhookId): Promise<Shut | null> {
  const isOpen = { $gt: ['$openUntil', '$$NOW'] };
  const shut = { _id: webhookId, $or: [{ isHeld: true }, { $expr: isOpen }] };
  const found = await db.model(PACES).findOne(shut, { isHeld: 1 }).lean<Pick<Pace, 'isHeld'>>();
  if (!found) return null;
  if (found.isHeld) return { because: 'held' };
  const promised = { $add: [{ $max: ['$nextAt', '$bounceAt', '$openUntil'] }, GAP] };
  const pace = await updatePace(db, webhookId, [{ $set: { bounceAt: promised } }]);
  if (!pace) return null;
  return { because: 'breaker', waitMs: Math.max(0, pace.bounceAt.getTime() - gapMs(pace.limit) - pace.now.getTime()) };
}
