import type { Logger } from '../lib/logger';
import type { HttpClient } from '../lib/outbound/http-client';
import type { Mailer } from '../lib/outbound/mailer';
import type { KeyRing } from '../lib/secrets/key-ring';
import type { DeliveryId } from '../schemas/ids';
import type { Database } from '../store/database';
import type { FrameReader } from './frame-reader';
import type { RecentReader } from './recent-reader';
import type { SuccessTally } from './success-tally';
import type { VersionCache } from './version-cache';

/** Messages to deliveries under way. */
export interface DeliverySteering {
  /** Tells a delivery when its turn is, in milliseconds from now; a new one, unless it is its own. @returns false when its workflow is over */
  giveTurn(workflowId: string, waitMs: number, isOwn?: boolean): Promise<boolean>;
  /** Cancels a delivery; answers when it is over. @returns false when it was over already */
  cancelDelivery(workflowId: string, deliveryId: DeliveryId): Promise<boolean>;
}

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
  successes: SuccessTally;
  /** Sends e-mail; null where no SMTP server is set: it then stays in the inbox */
  mailer: Mailer | null;
  /** Messages to deliveries that wait in their workflows */
  steering: DeliverySteering;
  /** Nudges the event pump of this process, where there is one */
  onEvents(): void;
}
