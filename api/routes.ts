import { accountRoutes } from './handlers/account';
import { deliveryRoutes } from './handlers/deliveries';
import { deliveryExportRoutes } from './handlers/deliveries-export';
import { deliveryLiveRoutes } from './handlers/deliveries-live';
import { deliveryCommandRoutes } from './handlers/delivery-commands';
import { entryRoutes } from './handlers/entries';
import { eventRoutes } from './handlers/events';
import { formRoutes } from './handlers/forms';
import { healthRoutes } from './handlers/health';
import { inboundRoutes } from './handlers/inbounds';
import { inboxRoutes } from './handlers/inbox';
import { jobRoutes } from './handlers/jobs';
import { keyRoutes } from './handlers/keys';
import { mapFileRoutes } from './handlers/map-files';
import { ontraportMapRoutes } from './handlers/map-ontraport';
import { mapRoutes } from './handlers/maps';
import { mergeRoutes } from './handlers/merge-record';
import { messageRoutes } from './handlers/messages';
import { noticeRoutes } from './handlers/notices';
import { objectTypeRoutes } from './handlers/object-types';
import { openApiRoutes } from './handlers/openapi';
import { outgoingMessageRoutes } from './handlers/outgoing-messages';
import { publishRoutes } from './handlers/publish';
import { purchaseRoutes } from './handlers/purchases';
import { recordRoutes } from './handlers/records';
import { ruleRoutes } from './handlers/rules';
import { subscriptionRoutes } from './handlers/subscriptions';
import { tagRoutes } from './handlers/tags';
import { taskRoutes } from './handlers/tasks';
import { testSubscriptionRoutes } from './handlers/test-subscription';
import { testWebhookRoutes } from './handlers/test-webhook';
import { webhookStatusRoutes } from './handlers/webhook-status';
import { webhookRoutes } from './handlers/webhooks';
import type { Route } from './route';

/** The one table of endpoints, in the order in which they are matched and documented. Rows stand beside their handlers. */
export const ROUTES: readonly Route[] = [
  ...objectTypeRoutes,
  ...recordRoutes,
  ...mergeRoutes,
  ...tagRoutes,
  ...eventRoutes,
  ...formRoutes,
  ...messageRoutes,
  ...outgoingMessageRoutes,
  ...purchaseRoutes,
  ...taskRoutes,
  ...mapFileRoutes,
  ...ontraportMapRoutes,
  ...mapRoutes,
  ...publishRoutes,
  ...entryRoutes,
  ...ruleRoutes,
  ...subscriptionRoutes,
  ...webhookRoutes,
  ...deliveryExportRoutes,
  ...deliveryLiveRoutes,
  ...webhookStatusRoutes,
  ...testWebhookRoutes,
  ...testSubscriptionRoutes,
  ...noticeRoutes,
  ...deliveryRoutes,
  ...deliveryCommandRoutes,
  ...jobRoutes,
  ...inboundRoutes,
  ...inboxRoutes,
  ...accountRoutes,
  ...keyRoutes,
  ...openApiRoutes,
  ...healthRoutes,
];
