import { z } from 'zod';
import { AppError } from '../../lib/errors';
import { subscriptionSettings } from '../../schemas/subscription';
import { findSubscriptionByNumber } from '../../store/subscriptions';
import { readEventString } from '../handlers/event-string';
import { createSubscription, deleteSubscription } from '../handlers/save-subscription';
import { parseGiven } from '../problem';
import { decimalId, jsonText } from './parameters';
import { writeCall } from './route';
import { SHOWN_SUBSCRIPTION, showAsWebhook } from './subscriptions';

const tag = 'Webhooks';
const { format, encoding } = subscriptionSettings.shape;
const wishes = z.object({ format, encoding });

/** `data` comes as JSON text; an empty one says nothing. */
const data = jsonText(wishes, '{"format":"lightweight"}').meta({
  description: 'JSON text: {"format":"default"}, "lightweight" or "notify"; "encoding" is "json" or "form"',
});

/** Standing orders for an event. */
export const subscriptionWrites = [
  writeCall({
    method: 'post',
    path: '/Webhook/subscribe',
    tag,
    summary: 'Subscribe a URL to an event',
    description:
      'Events are written with their target: sub_tag(4). Requests are signed; a new secret is made under /v1.',
    parameters: z.object({
      url: z.string().trim().min(1).max(2048),
      event: z.string().max(300),
      data: data.default(wishes.parse({})),
    }),
    example: { url: 'https://example.com/hook', event: 'object_create(0)', data: '{"format":"lightweight"}' },
    answer: SHOWN_SUBSCRIPTION,
    handler: async (api, { account, given }, session) => {
      const { db } = api;
      const listened = await readEventString(db, session, { accountId: account._id, text: given.event });
      const settings = parseGiven(subscriptionSettings, { ...listened, url: given.url, ...given.data }, 'settings.');
      const { subscription } = await createSubscription(api, session, { account, settings });
      return { data: await showAsWebhook(db, subscription) };
    },
  }),
  ...(['delete', 'post'] as const).map((method) =>
    writeCall({
      method,
      path: '/Webhook/unsubscribe',
      tag,
      summary: 'End a subscription',
      description: 'What waits for it is not sent any more.',
      parameters: z.object({ id: decimalId }),
      answer: { id: '3' },
      handler: async ({ db }, { account, given }, session) => {
        const accountId = account._id;
        const found = await findSubscriptionByNumber(db, { accountId, number: given.id }, session);
        if (!found) throw new AppError('subscription.not-found');
        await deleteSubscription(db, session, { accountId, subscriptionId: found._id });
        return { data: { id: String(given.id) } };
      },
    }),
  ),
];
