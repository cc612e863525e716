import type { Visit, Walked } from '../domain/walk';
import { now } from '../lib/clock';
import { cutJson } from '../lib/cut-json';
import { newId } from '../lib/ids';
import type { Passage, Stop, StoredStep } from '../schemas/entry';
import type { Session } from '../store/database';
import { cancelDeliveryOf, insertDelivery } from '../store/deliveries';
import { endEntry } from '../store/entries';
import { insertPosition, savePosition } from '../store/positions';
import { appendSteps } from '../store/steps';
import type { AdvanceInput, Standpoint } from './advance';
import { shorten } from './attempt-journal';
import type { Dependencies } from './dependencies';
import { orderDelivery } from './order-delivery';

/** Temporal takes summaries of 400 bytes, encrypted; the words around a title and the encryption take the rest. */
const TITLE_BYTES_MAX = 150;

const STATUS_OF = { wait: 'waiting', goal: 'waiting', send: 'sending', end: 'ended' } as const;

interface Step {
  from: Standpoint;
  walked: Walked;
  input: AdvanceInput;
}

/**
 * Writes a step that was walked: what its stop needs to exist, the position, the timeline.
 *
 * @returns the stop as the workflow gets it
 * @throws a duplicate error when the first step was taken before
 */
export async function saveStep(deps: Dependencies, session: Session, step: Step): Promise<Stop> {
  const { from, walked, input } = step;
  const stop = await carryOutStop(deps, session, step);
  const position = {
    ...passageOf(from.passage),
    _id: input.positionId,
    entryId: input.entryId,
    elementId: walked.standing.elementId,
    versionNumber: from.version.number,
    step: input.step,
    stop,
    status: STATUS_OF[stop.kind],
    visits: walked.standing.visits,
    ...(Object.keys(from.variables).length > 0 ? { variables: from.variables } : {}),
    ...(from.goalEventIds?.length ? { goalEventIds: from.goalEventIds } : {}),
    since: now(),
    wakeAt: stop.kind === 'wait' ? new Date(stop.untilMs) : null,
  };
  await (from.isFirst ? insertPosition : savePosition)(deps.db, session, position);
  const visitedBefore = Object.values(from.visits).reduce((sum, n) => sum + n, 0);
  await appendSteps(
    deps.db,
    session,
    walked.visits.map((visit, index) => stepOf(visit, visitedBefore + index, step)),
  );
  return stop;
}

/** Writes what the stop needs to exist: the delivery of a send, the end of an entry. */
async function carryOutStop(deps: Dependencies, session: Session, { from, walked, input }: Step): Promise<Stop> {
  const { passage, version } = from;
  const { stop, standing } = walked;
  const title = version.elements.find(({ id }) => id === standing.elementId)?.title ?? '';
  switch (stop.kind) {
    case 'wait':
      return { ...stop, title: cutJson(title || 'Wait', TITLE_BYTES_MAX) };
    case 'goal':
      return { ...stop, title: cutJson(title || standing.elementId, TITLE_BYTES_MAX) };
    case 'end': {
      const at = new Date(input.nowMs);
      const open = { positionId: input.positionId, workflowId: passage.workflowId, at };
      const cancelled = input.cause.kind === 'sent' ? [] : await cancelDeliveryOf(deps.db, session, open);
      await endEntry(deps.db, session, { entryId: input.entryId, reason: stop.reason });
      return cancelled.length > 0 ? { ...stop, cancelled: cancelled.map(shorten) } : stop;
    }
    case 'send': {
      const { accountId } = passage;
      const webhook = await deps.recent.webhook({ accountId, webhookId: stop.webhookId });
      const { order, delivery } = orderDelivery({
        passage,
        webhook,
        webhookId: stop.webhookId,
        elementId: standing.elementId,
        input,
      });
      await insertDelivery(deps.db, session, delivery);
      const shown = cutJson(title || webhook?.settings.name || 'Webhook', TITLE_BYTES_MAX);
      return { kind: 'send', delivery: order, title: shown };
    }
  }
}

/** Only the fields of a passage, whatever carries them. */
const passageOf = ({ accountId, mapId, mapName, objectTypeId, recordId, workflowId, hops }: Passage): Passage => ({
  accountId,
  mapId,
  mapName,
  objectTypeId,
  recordId,
  workflowId,
  hops,
});

const stepOf = (visit: Visit, n: number, { from, input }: Step): StoredStep => ({
  _id: newId('step'),
  accountId: from.passage.accountId,
  entryId: input.entryId,
  mapId: from.passage.mapId,
  positionId: input.positionId,
  n,
  elementId: visit.element.id,
  kind: visit.element.kind,
  title: visit.element.title,
  port: visit.port,
  detail: visit.detail,
  at: now(),
});
