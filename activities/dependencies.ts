import type { Logger } from '../lib/logger';
import type { HttpClient } from '../lib/outbound/http-client';
import type { KeyRing } from '../lib/secrets/key-ring';
import type { Database } from '../store/database';
import type { FrameReader } from './frame-reader';
import type { RecentReader } from './recent-reader';
import type { VersionCache } from './version-cache';

/** What activities touch; opened once a process. */
export interface Dependencies {
  db: Database;
  http: HttpClient;
  /** Open the secrets of webhooks */
  keys: KeyRing;
  logger: Logger;
  versions: VersionCache;
  recent: RecentReader;
  /** What requests are rendered by: the account's settings and the labels of an object type */
  frames: FrameReader;
  /** Nudges the event pump of this process, where there is one */
  onEvents(): void;
}
