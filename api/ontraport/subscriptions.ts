import { formatSubscribedEvent } from '../../domain/ontraport/subscription-event';
import { secondsOf } from '../../domain/ontraport-value';
import type { StoredDelivery } from '../../schemas/delivery';
import type { AccountId } from '../../schemas/ids';
import type { StoredSubscription } from '../../schemas/subscription';
import type { Database, Session } from '../../store/database';
import { DELIVERIES } from '../../store/deliveries';
import { findRows } from '../../store/find-rows';
import { SUBSCRIPTIONS } from '../../store/subscriptions';
import { findAccountNumbers } from '../handlers/account-numbers';
import { collectionRoutes } from './collection-routes';
import type { Resource, Shown } from './resource';

/** What a subscription looks like. Source: reference section 3B */
export const SHOWN_SUBSCRIPTION = {
  id: '3',
  event: 'sub_tag(4)',
  data: '{"format":"lightweight"}',
  url: 'https://example.com/hook',
  last_hook: '1767225600',
  last_code: '200',
  last_payload: '{"webhook_id":"3"}',
};

/** Ontraport calls subscriptions webhooks. */
export const subscriptionReads = collectionRoutes({
  tag: 'Webhooks',
  one: 'Webhook',
  several: 'Webhooks',
  open: openSubscriptions,
  notFound: 'subscription.not-found',
  answer: SHOWN_SUBSCRIPTION,
});

async function openSubscriptions(db: Database, accountId: AccountId): Promise<Resource<StoredSubscription>> {
  return {
    objectId: 145,
    name: 'Webhook',
    from: SUBSCRIPTIONS,
    where: { accountId, deletedAt: null },
    columns: [
      { name: 'id', path: 'number', kind: 'number' },
      { name: 'url', path: 'settings.url', kind: 'text' },
      { name: 'date', path: 'createdAt', kind: 'date' },
    ],
    fields: Object.keys(SHOWN_SUBSCRIPTION).map((name) => ({ name, alias: name, type: 'text' })),
    listFields: ['event', 'url', 'last_hook', 'last_code'],
    show: (subscriptions) => Promise.all(subscriptions.map((subscription) => showSubscription(db, subscription))),
  };
}

/** A subscription with its latest delivery, as far as the log still has it. */
export async function showSubscription(
  db: Database,
  subscription: StoredSubscription,
  session?: Session,
): Promise<Shown> {
  const { accountId, number, settings, webhookId } = subscription;
  const { url, format, encoding } = settings;
  const numbers = await findAccountNumbers(
    db,
    { accountId, fields: [] },
    (asked) => formatSubscribedEvent(settings, asked),
    session,
  );
  const filter = { accountId, webhookId };
  const [latest] = await findRows<StoredDelivery>(db, DELIVERIES, { filter, sort: { _id: -1 }, limit: 1 }, session);
  const attempt = latest?.attempts.at(-1);
  const data = {
    ...(format === 'default' ? {} : { format }),
    ...(encoding === 'json' ? {} : { encoding }),
  };
  return {
    id: String(number),
    event: formatSubscribedEvent(settings, numbers),
    data: Object.keys(data).length === 0 ? '' : JSON.stringify(data),
    url,
    last_hook: attempt?.startedAt ? secondsOf(attempt.startedAt) : '',
    last_code: String(latest?.responseStatus ?? ''),
    last_payload: attempt?.request?.body ?? '',
  };
}
