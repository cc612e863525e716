import { type Activities, buildActivities } from '../activities';
import { openFrameReader } from '../activities/frame-reader';
import { openRecentReader } from '../activities/recent-reader';
import { openSuccessTally } from '../activities/success-tally';
import { openVersionCache, type VersionCache } from '../activities/version-cache';
import type { Logger } from '../lib/logger';
import { openHttpClient } from '../lib/outbound/http-client';
import type { Mailer } from '../lib/outbound/mailer';
import type { KeyRing } from '../lib/secrets/key-ring';
import type { Database } from '../store/database';
import { openSteering } from './live-state';
import type { Engine } from './temporal-client';

/** The activities with what they touch. */
export interface OpenActivities {
  activities: Activities;
  versions: VersionCache;
  close(): Promise<void>;
}

/**
 * @param parts.allow  private address ranges that webhooks may reach
 * @param parts.mailer sends e-mail; without it e-mail stays in the inbox
 */
export function openActivities(parts: {
  db: Database;
  engine: Engine;
  keys: KeyRing;
  logger: Logger;
  allow: readonly string[];
  mailer?: Mailer | null;
  onEvents: () => void;
}): OpenActivities {
  const http = openHttpClient({ allow: parts.allow });
  const versions = openVersionCache(parts.db);
  const frames = openFrameReader(parts.db);
  const activities = buildActivities({
    db: parts.db,
    keys: parts.keys,
    frames,
    recent: openRecentReader(parts.db),
    http,
    logger: parts.logger,
    versions,
    successes: openSuccessTally(),
    mailer: parts.mailer ?? null,
    steering: openSteering(parts),
    onEvents: parts.onEvents,
  });
  return { activities, versions, close: () => http.close() };
}
