import { noticeListQuery, noticeSchema } from '../../schemas/notice';
import { pageOf } from '../../schemas/page';
import { listNotices } from '../../store/notices';
import { readRoute } from '../route';

/** What people should hear about their webhooks. */
export const noticeRoutes = [
  readRoute({
    scope: 'key',
    tag: 'Webhooks',
    method: 'get',
    path: '/v1/notices',
    summary: 'List notices about webhooks that fail, are disabled, paused or resumed',
    query: noticeListQuery,
    response: pageOf(noticeSchema),
    handler: async ({ db }, { account, query: { webhookId, ...page } }) => {
      const { items, nextCursor } = await listNotices(db, { accountId: account._id, webhookId }, page);
      const show = ({ _id: id, webhookId, kind, sentence, at }: (typeof items)[number]) => ({
        id,
        webhookId,
        kind,
        sentence,
        at: at.toISOString(),
      });
      return { items: items.map(show), nextCursor };
    },
  }),
];
