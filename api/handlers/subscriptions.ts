import { z } from 'zod';
import { idSchema } from '../../schemas/ids';
import { pageOf, pageQuery } from '../../schemas/page';
import { createdSubscriptionSchema, subscriptionSchema, subscriptionSettings } from '../../schemas/subscription';
import { getSubscription, listSubscriptions } from '../../store/subscriptions';
import { deletedSchema } from '../deleted';
import { readRoute, writeRoute } from '../route';
import { changeSubscription, createSubscription, deleteSubscription } from './save-subscription';
import { showSubscription } from './subscription-answer';

const common = { scope: 'key', tag: 'Subscriptions' } as const;
const params = z.object({ subscriptionId: idSchema('subscription') });
const body = z.object({ settings: subscriptionSettings.strict() });
const example = {
  settings: {
    event: { type: 'record.created' as const },
    objectTypeId: 0,
    url: 'https://example.com/hook',
    format: 'lightweight' as const,
  },
};

/** Standing orders for events: each is sent to a URL. */
export const subscriptionRoutes = [
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/subscriptions',
    summary: 'List subscriptions',
    query: pageQuery,
    response: pageOf(subscriptionSchema),
    handler: async ({ db }, { account, query }) => {
      const { items, nextCursor } = await listSubscriptions(db, account._id, query);
      return { items: await Promise.all(items.map((subscription) => showSubscription(db, subscription))), nextCursor };
    },
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/subscriptions',
    summary: 'Subscribe to an event',
    description:
      'Events from now on are sent to the URL, each once, signed. The signing secret is in this answer only. The webhook that is made with it has log, queue, pause and resume under /v1/webhooks/{webhookId}.',
    body,
    example,
    status: 201,
    response: createdSubscriptionSchema,
    isSecret: true,
    handler: async (api, { account, body: { settings } }, session) => {
      const { subscription, signingSecret } = await createSubscription(api, session, { account, settings });
      return { ...(await showSubscription(api.db, subscription, session)), signingSecret };
    },
  }),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/subscriptions/:subscriptionId',
    summary: 'Get a subscription',
    params,
    response: subscriptionSchema,
    handler: async ({ db }, { account, params }) =>
      showSubscription(db, await getSubscription(db, { accountId: account._id, ...params })),
  }),
  writeRoute({
    ...common,
    method: 'put',
    path: '/v1/subscriptions/:subscriptionId',
    summary: 'Replace the settings of a subscription',
    description: 'What waits already keeps its payload, and goes to the new URL.',
    params,
    body,
    example,
    response: subscriptionSchema,
    handler: async (api, { account, params, body: { settings } }, session) =>
      showSubscription(api.db, await changeSubscription(api, session, { account, ...params, settings }), session),
  }),
  writeRoute({
    ...common,
    method: 'delete',
    path: '/v1/subscriptions/:subscriptionId',
    summary: 'Delete a subscription',
    description: 'What waits for it is cancelled; its deliveries stay in the webhook log.',
    params,
    response: deletedSchema,
    handler: async ({ db }, { account, params: { subscriptionId } }, session) => {
      await deleteSubscription(db, session, { accountId: account._id, subscriptionId });
      return { id: subscriptionId, isDeleted: true as const };
    },
  }),
];
