import type { Command } from '../../domain/route-event';
import type { StoredEvent } from '../../schemas/event';

/** Automations that may lead to each other, one after the other. Source: docs/events.md */
const HOPS_MAX = 10;

/** Automations that set each other off without an end; trying again would not help. */
export class LoopError extends Error {}

/**
 * Refuses an event to which too many automations led, when it would set off one more. What is ordered already (the start
 * of an entry, a delivery, an exit) is carried out.
 *
 * @throws LoopError that names both ends: what made the event, and what it would set off
 */
export function refuseLoop(event: StoredEvent, commands: readonly Command[]): void {
  if (event.hops <= HOPS_MAX) return;
  const next = commands.flatMap((command) => {
    if (command.kind === 'run-rule') return [`the rule "${command.ruleName}"`];
    if (command.kind === 'start-entry') return [`the map "${command.listener.mapName}"`];
    return [];
  });
  if (next.length === 0) return;
  const maker = event.cause ? `the ${event.cause.kind} "${event.cause.name}" made this event` : 'this event came';
  throw new LoopError(
    `more than ${HOPS_MAX} automations led here, one after the other: this looks like a loop; ${maker}, and it would set off ${next.join(', ')}`,
  );
}
