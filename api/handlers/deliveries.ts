import { z } from 'zod';
import {
  type Attempt,
  type DeliverySource,
  deliveryListQuery,
  deliveryRowSchema,
  deliverySchema,
  LISTED_BODY_CHARS,
  type StoredDelivery,
} from '../../schemas/delivery';
import { idSchema } from '../../schemas/ids';
import { pageOf } from '../../schemas/page';
import { getDelivery, listDeliveries } from '../../store/deliveries';
import { type Engine, workflowUrl } from '../../workers/temporal-client';
import { readRoute } from '../route';

const common = { scope: 'key', tag: 'Webhook log' } as const;

const showSource = (source: DeliverySource) =>
  source.type === 'map'
    ? { mapId: source.mapId, elementId: source.elementId, entryId: source.entryId }
    : { mapId: null, elementId: null, entryId: null };

const showFields = (engine: Engine, row: StoredDelivery) => ({
  id: row._id,
  webhookId: row.webhookId,
  recordId: row.recordId,
  objectTypeId: row.objectTypeId,
  type: row.source.type,
  name: row.source.name,
  source: showSource(row.source),
  status: row.status,
  class: row.class,
  responseStatus: row.responseStatus,
  nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
  waitingFor: row.waitingFor ?? null,
  replays: row.round?.number ?? 0,
  isEdited: Boolean(row.override),
  createdAt: row.createdAt.toISOString(),
  finishedAt: row.finishedAt?.toISOString() ?? null,
  workflowUrl: workflowUrl(engine, row.workflowId),
});

const showDelivery = (engine: Engine, row: StoredDelivery): z.input<typeof deliverySchema> => ({
  ...showFields(engine, row),
  attempts: row.attempts,
});

const showRow = (engine: Engine, row: StoredDelivery): z.input<typeof deliveryRowSchema> => ({
  ...showFields(engine, row),
  attemptCount: row.attempts.length,
  lastAttempt: cutBodies(row.attempts.at(-1)),
});

/** A page of rows stays small, whatever the receivers answered. */
function cutBodies(attempt: Attempt | undefined): Attempt | null {
  if (!attempt) return null;
  const { request, response } = attempt;
  const cut = (body: string): string => body.slice(0, LISTED_BODY_CHARS);
  return {
    ...attempt,
    request: request && { ...request, body: cut(request.body) },
    response: response && {
      ...response,
      body: cut(response.body),
      isTruncated: response.isTruncated || response.body.length > LISTED_BODY_CHARS,
    },
  };
}

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
