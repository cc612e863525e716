import { rememberFor } from '../lib/remember';
import type { AccountId, MapId, WebhookId } from '../schemas/ids';
import type { StoredWebhook } from '../schemas/webhook';
import type { Database } from '../store/database';
import { findPublishedNumber } from '../store/maps';
import { findWebhook } from '../store/webhooks';

/** A publish is followed, and a webhook's edit used for new orders, at the latest after this. */
const KEPT_MS = 1000;

/** What many steps ask for and a second more or less does not change. */
export interface RecentReader {
  /** The number of a map's current version; null when it is gone or was never published */
  publishedNumber(of: { accountId: AccountId; mapId: MapId }): Promise<number | null>;
  /** By what a delivery is ordered: limit, attempts, time limit. The attempt itself reads the webhook anew. */
  webhook(of: { accountId: AccountId; webhookId: WebhookId }): Promise<StoredWebhook | null>;
}

/** Reads each thing at most once a second. */
export function openRecentReader(db: Database): RecentReader {
  const split = (key: string) => key.split(' ') as [AccountId, string];
  const published = rememberFor(KEPT_MS, (key) => {
    const [accountId, mapId] = split(key);
    return findPublishedNumber(db, { accountId, mapId: mapId as MapId });
  });
  const webhooks = rememberFor(KEPT_MS, (key) => {
    const [accountId, webhookId] = split(key);
    return findWebhook(db, { accountId, webhookId: webhookId as WebhookId });
  });
  return {
    publishedNumber: ({ accountId, mapId }) => published(`${accountId} ${mapId}`),
    webhook: ({ accountId, webhookId }) => webhooks(`${accountId} ${webhookId}`),
  };
}
