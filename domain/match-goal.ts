import type { MapDrawing } from '../schemas/automation-map';
import { findBelow, graphOf } from './map-graph';

/**
 * Whether a goal that was met pulls a record that stands here to it.
 *
 * @param drawing the published one; without the goal nothing pulls
 * @returns true also for who waits at the goal itself
 * @throws never
 * @source docs/maps.md
 */
export function matchGoal(drawing: MapDrawing, goalId: string, standsAt: string): boolean {
  const goal = drawing.elements.find(({ id }) => id === goalId);
  if (goal?.kind !== 'goal') return false;
  if (goal.settings.reach !== 'waiting') return true;
  const graph = graphOf(drawing);
  return graph.byId.has(standsAt) && findBelow(graph, [standsAt]).has(goalId);
}
