import type { GoalListener } from '../../domain/route-event';
import type { StoredEvent } from '../../schemas/event';
import { findActiveEntries, findEntryIdsOn } from '../../store/entries';
import { hasJumped } from '../../store/positions';
import { tellGoal } from '../temporal-client';
import type { Dispatch } from './carry-out';
import { enterMap } from './enter-map';

/**
 * Tells the record's entries on a map that a goal was met; what it means for them is decided in the transaction of their
 * next step. Who is not on the map enters at the goal where that is within its reach.
 *
 * @throws MongoDB's and Temporal's errors
 * @source docs/maps.md
 */
export async function reachGoal(dispatch: Dispatch, event: StoredEvent, goal: GoalListener): Promise<void> {
  const { db, engine } = dispatch;
  const { elementId, versionNumber, mapId } = goal;
  const { _id: eventId, recordId, hops } = event;
  const active = await findActiveEntries(db, recordId);
  // Who entered by this very event did not meet the goal inside.
  const inside = active.filter((entry) => entry.mapId === mapId && entry.eventId !== eventId);
  for (const { workflowId } of inside) await tellGoal(engine, workflowId, { elementId, eventId, hops, versionNumber });
  if (inside.length > 0 || goal.reach !== 'any') return;
  if (await hasJumped(db, { entryIds: await findEntryIdsOn(db, { mapId, recordId }), eventId })) return;
  await enterMap(dispatch, event, goal);
}
