import { z } from 'zod';
import { deliveryListQuery, deliveryRowSchema, deliverySchema } from '../../schemas/delivery';
import { idSchema } from '../../schemas/ids';
import { pageOf } from '../../schemas/page';
import { getDelivery, listDeliveries } from '../../store/deliveries';
import { readRoute } from '../route';
import { showDelivery, showRow } from './delivery-answer';

const common = { scope: 'key', tag: 'Webhook log' } as const;

/** The webhook log: each message with its attempts. */
export const deliveryRoutes = [
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/deliveries',
    summary: 'List deliveries',
    query: deliveryListQuery,
    response: pageOf(deliveryRowSchema),
    handler: async ({ db, engine }, { account, query }) => {
      const { limit, cursor, status, class: outcome, responseStatus, webhookId, recordId, mapId, entryId } = query;
      const filter = { status, class: outcome, responseStatus, webhookId, recordId, mapId, entryId };
      const { items, nextCursor } = await listDeliveries(db, account._id, filter, { limit, cursor });
      return { items: items.map((row) => showRow(engine, row)), nextCursor };
    },
  }),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/deliveries/:deliveryId',
    summary: 'Get a delivery with its attempts',
    params: z.object({ deliveryId: idSchema('delivery') }),
    response: deliverySchema,
    handler: async ({ db, engine }, { account, params }) =>
      showDelivery(engine, await getDelivery(db, { accountId: account._id, ...params })),
  }),
];
