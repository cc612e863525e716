import { emptyRoutes } from './empty-collections';
import { fieldEditorRoutes } from './field-editor';
import { formBlockRoutes } from './form-blocks';
import { formRoutes } from './forms';
import { mapRoutes } from './maps';
import { messageRoutes } from './messages';
import { objectMapRoutes } from './object-maps';
import { objectTagRoutes } from './object-tags';
import { objectReads } from './objects';
import { pauseRoutes } from './pausing';
import { alias, type OntraportRoute } from './route';
import { ruleRoutes } from './rules';
import { objectWrites } from './save-objects';
import { subscriptionWrites } from './subscribe';
import { subscriptionReads } from './subscriptions';
import { tagSubscriberRoutes } from './tag-subscribers';
import { tagRoutes } from './tags';
import { taskRoutes } from './tasks';
import { transactionRoutes } from './transactions';
import { webhookLogRoutes } from './webhook-logs';

const objectRoutes: readonly OntraportRoute[] = [
  ...objectReads,
  ...objectWrites,
  ...objectTagRoutes,
  ...fieldEditorRoutes,
];

/** Object types with paths of their own: `/Contacts` is `/objects` with objectID 0. */
const NAMED: readonly { objectID: number; one: string; several: string }[] = [
  { objectID: 0, one: 'Contact', several: 'Contacts' },
  { objectID: 149, one: 'Deal', several: 'Deals' },
  { objectID: 150, one: 'Company', several: 'Companies' },
  { objectID: 16, one: 'Product', several: 'Products' },
  { objectID: 1, one: 'Task', several: 'Tasks' },
];

/** What sales leave; they are made at /v1/purchases, and by order forms. */
const SALES: typeof NAMED = [
  { objectID: 17, one: 'Purchase', several: 'Purchases' },
  { objectID: 17, one: 'PurchaseHistoryLog', several: 'PurchaseHistoryLogs' },
  { objectID: 46, one: 'Transaction', several: 'Transactions' },
];

const named = (routes: readonly OntraportRoute[], { objectID, one, several }: (typeof NAMED)[number]) =>
  routes.map((route) =>
    alias(route, {
      path: route.path.replace(/^\/objects/, `/${several}`).replace(/^\/object\b/, `/${one}`),
      tag: several,
      summary: route.summary.replace('records', several.toLowerCase()).replace('a record', `a ${one.toLowerCase()}`),
      preset: { objectID },
    }),
  );

/** The one table of the API under /1, in the order in which it is matched and documented. */
export const ONTRAPORT_ROUTES: readonly OntraportRoute[] = [
  ...objectRoutes,
  ...NAMED.flatMap((type) => named(objectRoutes, type)),
  ...SALES.flatMap((type) => named(objectReads, type)),
  ...objectMapRoutes,
  ...pauseRoutes,
  ...tagRoutes,
  ...tagSubscriberRoutes,
  ...formRoutes,
  ...formBlockRoutes,
  ...messageRoutes,
  ...taskRoutes,
  ...transactionRoutes,
  ...mapRoutes,
  ...ruleRoutes,
  ...subscriptionReads,
  ...subscriptionWrites,
  ...webhookLogRoutes,
  ...emptyRoutes,
];
