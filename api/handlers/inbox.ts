import { inboxMessageSchema } from '../../schemas/inbox';
import { pageOf, pageQuery } from '../../schemas/page';
import { listInboxMessages } from '../../store/inbox';
import { readRoute } from '../route';

/** What arrived at the account's built-in receiver. */
export const inboxRoutes = [
  readRoute({
    scope: 'key',
    tag: 'Inbox',
    method: 'get',
    path: '/v1/inbox-messages',
    summary: 'List what arrived at the inbox of the account',
    description:
      'The inbox takes any request to /inbox/{token} and keeps it for 7 days, to try webhooks without a server.',
    query: pageQuery,
    response: pageOf(inboxMessageSchema),
    handler: async ({ db }, { account, query }) => {
      const { items, nextCursor } = await listInboxMessages(db, account._id, query);
      return {
        items: items.map(({ _id: id, method, path, headers, body, at }) => ({
          id,
          method,
          path,
          headers,
          body,
          at: at.toISOString(),
        })),
        nextCursor,
      };
    },
  }),
];
