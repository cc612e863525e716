import { secondsOf } from '../../domain/ontraport-value';
import type { AccountId } from '../../schemas/ids';
import type { StoredSubscription } from '../../schemas/subscription';
import type { Database } from '../../store/database';
import { findLastTried } from '../../store/deliveries';
import { SUBSCRIPTIONS } from '../../store/subscriptions';
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
      { name: 'event', path: 'eventString', kind: 'text' },
      { name: 'url', path: 'settings.url', kind: 'text' },
      { name: 'date', path: 'createdAt', kind: 'date' },
    ],
    fields: Object.keys(SHOWN_SUBSCRIPTION).map((name) => ({ name, alias: name, type: 'text' })),
    listFields: ['event', 'url', 'last_hook', 'last_code'],
    show: (subscriptions) => Promise.all(subscriptions.map((subscription) => showAsWebhook(db, subscription))),
  };
}

/** A subscription with its latest attempt, as far as the log still has it. */
export async function showAsWebhook(db: Database, subscription: StoredSubscription): Promise<Shown> {
  const { accountId, number, settings, eventString, webhookId } = subscription;
  const { url, format, encoding } = settings;
  const last = (await findLastTried(db, { accountId, webhookId }))?.attempts.at(-1);
  const data = {
    ...(format === 'default' ? {} : { format }),
    ...(encoding === 'json' ? {} : { encoding }),
  };
  return {
    id: String(number),
    event: eventString,
    data: Object.keys(data).length === 0 ? '' : JSON.stringify(data),
    url,
    last_hook: last?.startedAt ? secondsOf(last.startedAt) : '',
    last_code: String(last?.status ?? ''),
    last_payload: last?.request?.body ?? '',
  };
}
