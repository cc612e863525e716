import type { z } from 'zod';
import type { entryDetailSchema, entrySchema, StoredEntry, StoredPosition, StoredStep } from '../../schemas/entry';
import { type Engine, workflowUrl } from '../../workers/temporal-client';

type Detail = z.input<typeof entryDetailSchema>;

/** An entry as it is shown. */
export const showEntry = (engine: Engine, entry: StoredEntry): z.input<typeof entrySchema> => ({
  id: entry._id,
  mapId: entry.mapId,
  recordId: entry.recordId,
  versionNumber: entry.versionNumber,
  triggerElementId: entry.triggerElementId,
  status: entry.status,
  endReason: entry.endReason,
  pausedAt: entry.pausedAt?.toISOString() ?? null,
  startedAt: entry.startedAt.toISOString(),
  endedAt: entry.endedAt?.toISOString() ?? null,
  workflowUrl: workflowUrl(engine, entry.workflowId),
});

/** Where a branch stands, as it is shown. */
export const showPosition = (position: StoredPosition): Detail['positions'][number] => {
  const { stop } = position;
  return {
    id: position._id,
    elementId: position.elementId,
    versionNumber: position.versionNumber,
    step: position.step,
    status: position.status,
    since: position.since.toISOString(),
    variables: position.variables ?? {},
    stop: {
      kind: stop.kind,
      title: stop.kind === 'end' ? '' : stop.title,
      until: stop.kind === 'wait' ? new Date(stop.untilMs).toISOString() : null,
      deliveryId: stop.kind === 'send' ? stop.delivery.deliveryId : null,
      endReason: stop.kind === 'end' ? stop.reason : null,
    },
  };
};

/** A visit to an element, as it is shown. */
export const showStep = (step: StoredStep): Detail['timeline'][number] => ({
  n: step.n,
  elementId: step.elementId,
  kind: step.kind,
  title: step.title,
  port: step.port,
  detail: step.detail,
  at: step.at.toISOString(),
});
