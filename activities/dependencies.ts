import type { HttpClient } from '../lib/http-client';
import type { Logger } from '../lib/logger';
import type { Database } from '../store/database';
import type { VersionCache } from './version-cache';

/** What activities touch; opened once a process. */
export interface Dependencies {
  db: Database;
  http: HttpClient;
  logger: Logger;
  versions: VersionCache;
  /** Nudges the event pump of this process, where there is one */
  onEvents(): void;
}
