import { accountRoutes } from './handlers/account';
import { deliveryRoutes } from './handlers/deliveries';
import { deliveryExportRoutes } from './handlers/deliveries-export';
import { deliveryLiveRoutes } from './handlers/deliveries-live';
import { entryRoutes } from './handlers/entries';
import { eventRoutes } from './handlers/events';
import { healthRoutes } from './handlers/health';
import { inboxRoutes } from './handlers/inbox';
import { keyRoutes } from './handlers/keys';
import { mapFileRoutes } from './handlers/map-files';
import { mapRoutes } from './handlers/maps';
import { objectTypeRoutes } from './handlers/object-types';
import { publishRoutes } from './handlers/publish';
import { recordRoutes } from './handlers/records';
import { tagRoutes } from './handlers/tags';
import { webhookRoutes } from './handlers/webhooks';
import type { Route } from './route';

/** The one table of endpoints, in the order in which they are matched and documented. Rows stand beside their handlers. */
export const ROUTES: readonly Route[] = [
  ...objectTypeRoutes,
  ...recordRoutes,
  ...tagRoutes,
  ...eventRoutes,
  ...mapFileRoutes,
  ...mapRoutes,
  ...publishRoutes,
  ...entryRoutes,
  ...webhookRoutes,
  ...deliveryExportRoutes,
  ...deliveryLiveRoutes,
  ...deliveryRoutes,
  ...inboxRoutes,
  ...accountRoutes,
  ...keyRoutes,
  ...healthRoutes,
];
