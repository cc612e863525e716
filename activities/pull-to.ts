import { matchGoal } from '../domain/match-goal';
import type { Cause } from '../schemas/cause';
import type { StoredPosition } from '../schemas/entry';
import type { Standpoint, Taken } from './advance';
import type { Dependencies } from './dependencies';

/** Older ones are handled for good, so that their commands are not repeated. */
const EVENTS_KEPT = 50;

/**
 * Decides whether a goal that was met pulls a position, once for each event, by the published version.
 *
 * @returns the standpoint from which it jumps; else the stop at which it stays
 * @source docs/maps.md
 */
export async function pullTo(
  deps: Dependencies,
  at: { position: StoredPosition; rested: Standpoint; cause: Extract<Cause, { kind: 'goal' }> },
): Promise<Standpoint | Taken> {
  const { position, rested, cause } = at;
  const { mapId, step, stop, goalEventIds = [], hops } = position;
  const asItWas: Taken = { stop, step, path: [], facts: 0 };
  if (goalEventIds.includes(cause.eventId)) return asItWas;
  const published = (await deps.recent.publishedNumber(position)) ?? position.versionNumber;
  // Who has heard of the goal may know of a newer version.
  const version = await deps.versions.get(mapId, Math.max(published, cause.versionNumber));
  if (!matchGoal(version, cause.elementId, position.elementId)) return asItWas;
  if (stop.kind === 'send' && !cause.sent) return { ...asItWas, goal: rested.isPaused ? 'held' : 'pulls' };
  return {
    ...rested,
    version,
    passage: { ...position, hops: Math.max(hops, cause.hops) },
    goalEventIds: [...goalEventIds, cause.eventId].slice(-EVENTS_KEPT),
  };
}
