import { z } from 'zod';
import { AppError } from '../../lib/errors';
import { FINAL_STATUSES, type StoredDelivery } from '../../schemas/delivery';
import { deliveryDetailSchema, deliveryRowSchema } from '../../schemas/delivery-answer';
import { deliveryListQuery } from '../../schemas/delivery-filter';
import { idSchema } from '../../schemas/ids';
import type { LiveState } from '../../schemas/live-state';
import { pageOf } from '../../schemas/page';
import { getDelivery } from '../../store/deliveries';
import { listDeliveries } from '../../store/list-deliveries';
import { getLiveState } from '../../workers/live-state';
import type { Engine } from '../../workers/temporal-client';
import { readRoute } from '../route';
import { showDelivery, showRow } from './delivery-answer';

const common = { scope: 'key', tag: 'Webhook log' } as const;

/** What Temporal knows of an open delivery; null for one that is over, and while Temporal does not answer. */
async function findLive(engine: Engine, row: StoredDelivery): Promise<LiveState | null> {
  if (FINAL_STATUSES.includes(row.status)) return null;
  const live = await getLiveState(engine, row.workflowId).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'engine.unavailable') return null;
    throw error;
  });
  // Temporal counts anew with each call of the activity; the log has a line for each attempt that is over.
  return live && { ...live, pendingAttempt: live.pendingAttempt === null ? null : row.attempts.length + 1 };
}

/** The webhook log: each message with its attempts. */
export const deliveryRoutes = [
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/deliveries',
    summary: 'List deliveries',
    description: `All filters given must hold. A page that takes too long to fill, as with "text" over a large log, holds fewer
rows than "limit", perhaps none; go on with "nextCursor" until it is null.`,
    query: deliveryListQuery,
    response: pageOf(deliveryRowSchema),
    handler: async ({ db, engine }, { account, query }) => {
      const { limit, cursor, ...filter } = query;
      const { items, nextCursor } = await listDeliveries(db, account._id, filter, { limit, cursor });
      return { items: items.map((row) => showRow(engine, row)), nextCursor };
    },
  }),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/deliveries/:deliveryId',
    summary: 'Get a delivery with its attempts and live state',
    description: `"live" is asked from Temporal while the delivery is open; it is null when it is over, or when Temporal does
not answer within 3 seconds.`,
    params: z.object({ deliveryId: idSchema('delivery') }),
    response: deliveryDetailSchema,
    handler: async ({ db, engine }, { account, params }) => {
      const of = { accountId: account._id, ...params };
      const before = await getDelivery(db, of);
      const live = await findLive(engine, before);
      // Read after Temporal has told, so that what is stored is at least as new.
      const row = live ? await getDelivery(db, of) : before;
      return { ...showDelivery(engine, row), live: FINAL_STATUSES.includes(row.status) ? null : live };
    },
  }),
];
