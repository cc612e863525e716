import type { MapDrawing } from '../schemas/automation-map';
import type { Cause } from '../schemas/cause';
import type { Element } from '../schemas/element';
import type { EndReason } from '../schemas/entry';
import type { RecordFacts } from '../schemas/record';
import type { Leaving, WalkStop } from './elements/arrival';
import { arriveAt } from './elements/arrive';
import { leaveWebhook } from './elements/webhook';
import { NO_SURROUNDINGS, type Surroundings } from './surroundings';

/** Where a branch stands: the element it rests on, and how often it has been at each. */
export interface Standing {
  elementId: string;
  visits: Record<string, number>;
}

/** One visit, as the timeline shows it. `port` is null where the branch ended. */
export interface Visit {
  element: Element;
  port: string | null;
  detail: string;
}

/** Everything one step changes. */
export interface Walked {
  standing: Standing;
  stop: WalkStop;
  visits: Visit[];
  /** Id of the goal that was met, not passed on foot; null where none was */
  reached: string | null;
  record: RecordFacts;
}

/** Visits to one element in one entry, and in all; beyond them the entry ends visibly. Source: docs/maps.md. */
export const VISITS_MAX = 100;
export const STEPS_MAX = 1000;

/**
 * Walks a branch from the stop it has just left, through every immediate element, to its next stop.
 *
 * @param at.cause how the stop before ended; `entered` begins at the trigger, `goal` jumps to the goal and begins there
 * @param at.nowMs the workflow's clock, Unix milliseconds
 * @param at.around what the map's conditions need beyond the record; nothing is there unless it is given
 * @returns the new standing, the stop, the visits in order, and the record as changed on the way
 * @throws never
 * @source docs/maps.md
 */
export function walk(
  drawing: MapDrawing,
  standing: Standing,
  record: RecordFacts,
  at: { cause: Cause; nowMs: number; around?: Surroundings },
): Walked {
  const elements = new Map(drawing.elements.map((element) => [element.id, element]));
  const edges = new Map(drawing.edges.map(({ from, port, to }) => [`${from} ${port}`, to]));
  const { nowMs, around = NO_SURROUNDINGS } = at;
  const visits = { ...standing.visits };
  const walked: Walked = {
    standing: { elementId: standing.elementId, visits },
    stop: { kind: 'end', reason: 'completed' },
    visits: [],
    reached: null,
    record,
  };
  const end = (reason: EndReason): Walked => ({ ...walked, stop: { kind: 'end', reason } });

  const rested = elements.get(standing.elementId);
  const from = at.cause.kind === 'goal' ? elements.get(at.cause.elementId) : rested;
  if (!from) return end('completed');
  if (at.cause.kind === 'exit') return end('exited');
  if (from !== rested) {
    if (rested) walked.visits.push({ element: rested, port: 'goal', detail: `goal met: ${from.title || from.id}` });
    visits[from.id] = (visits[from.id] ?? 0) + 1;
    walked.standing = { elementId: from.id, visits };
    if (isLooping(visits, from.id)) return end('loop-limit');
  }
  const left = leave(from, at.cause, edges.has(`${from.id} failed`));
  walked.visits.push({ element: from, port: left.port, detail: left.detail });
  if (left.port === null) return end(left.reason);
  if (from.kind === 'goal') walked.reached = from.id;

  let next = edges.get(`${from.id} ${left.port}`);
  while (next !== undefined) {
    const element = elements.get(next);
    if (!element) return end('completed');
    visits[element.id] = (visits[element.id] ?? 0) + 1;
    walked.standing = { elementId: element.id, visits };
    if (isLooping(visits, element.id)) return end('loop-limit');

    const arrival = arriveAt(element, walked.record, { nowMs, around });
    if ('stop' in arrival) {
      if (arrival.stop.kind === 'end') walked.visits.push({ element, port: null, detail: '' });
      return { ...walked, stop: arrival.stop };
    }
    walked.record = arrival.record;
    walked.visits.push({ element, port: arrival.port, detail: arrival.detail });
    next = edges.get(`${element.id} ${arrival.port}`);
  }
  return end('completed');
}

const leave = (element: Element, cause: Cause, hasFailedPort: boolean): Leaving =>
  element.kind === 'webhook' && cause.kind === 'sent'
    ? leaveWebhook(element, cause, hasFailedPort)
    : { port: 'next', detail: element.kind === 'goal' ? 'reached' : '' };

const isLooping = (visits: Record<string, number>, elementId: string): boolean =>
  (visits[elementId] ?? 0) > VISITS_MAX || Object.values(visits).reduce((sum, n) => sum + n, 0) > STEPS_MAX;
