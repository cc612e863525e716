import { rememberFor } from '../lib/remember';
import type { FactType } from '../schemas/event';
import type { AccountId, MapId, WebhookId } from '../schemas/ids';
import type { StoredWebhook } from '../schemas/webhook';
import { getListenersRevision } from '../store/counters';
import type { Database } from '../store/database';
import { findListened } from '../store/find-listened';
import { findPublishedNumber } from '../store/maps';
import { findWebhook } from '../store/webhooks';

/** A publish is followed, and a webhook's edit used for new orders, at the latest after this. */
const KEPT_MS = 1000;
/** What holds for one revision of all listeners never changes. */
const REVISION_KEPT_MS = 3_600_000;

/** What many steps ask for and a second more or less does not change. */
export interface RecentReader {
  /** The number of a map's current version; null when it is gone or was never published */
  publishedNumber(of: { accountId: AccountId; mapId: MapId }): Promise<number | null>;
  /** By what a delivery is ordered: limit, attempts, time limit. The attempt itself reads the webhook anew. */
  webhook(of: { accountId: AccountId; webhookId: WebhookId }): Promise<StoredWebhook | null>;
  /** Whether anybody in the account listens for such facts; those who began within the last second may be missing */
  isHeard(of: { accountId: AccountId; type: FactType }): Promise<boolean>;
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
  const revision = rememberFor(KEPT_MS, () => getListenersRevision(db));
  const heard = rememberFor(REVISION_KEPT_MS, async (key) => {
    const [accountId, type] = split(key);
    return (await findListened(db, accountId, [type as FactType])).length > 0;
  });
  return {
    publishedNumber: ({ accountId, mapId }) => published(`${accountId} ${mapId}`),
    webhook: ({ accountId, webhookId }) => webhooks(`${accountId} ${webhookId}`),
    isHeard: async ({ accountId, type }) => heard(`${accountId} ${type} ${await revision('')}`),
  };
}
