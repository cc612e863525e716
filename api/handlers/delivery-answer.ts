import type { z } from 'zod';
import type { Attempt, StoredDelivery } from '../../schemas/delivery';
import { type deliveryRowSchema, type deliverySchema, LISTED_BODY_CHARS } from '../../schemas/delivery-answer';
import type { DeliverySource } from '../../schemas/delivery-source';
import { type Engine, workflowUrl } from '../../workers/temporal-client';

const showSource = (source: DeliverySource) => ({
  mapId: source.type === 'map' ? source.mapId : null,
  elementId: source.type === 'map' ? source.elementId : null,
  entryId: source.type === 'map' ? source.entryId : null,
  ruleId: 'ruleId' in source ? source.ruleId : null,
  subscriptionId: 'subscriptionId' in source ? source.subscriptionId : null,
  eventId: 'eventId' in source ? source.eventId : null,
});

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
  host: row.host ?? null,
  bodiesRemovedAt: row.bodiesRemovedAt?.toISOString() ?? null,
  workflowUrl: workflowUrl(engine, row.workflowId),
});

/** A delivery with all its attempts, as it is shown. */
export const showDelivery = (engine: Engine, row: StoredDelivery): z.input<typeof deliverySchema> => ({
  ...showFields(engine, row),
  attempts: row.attempts,
});

/** A row of a list: the latest attempt only, its bodies cut. */
export const showRow = (engine: Engine, row: StoredDelivery): z.input<typeof deliveryRowSchema> => ({
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
