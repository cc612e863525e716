import type { StoredEvent } from '../schemas/event';
import type { Command } from './route-event';

/** Automations that may lead to each other, one after the other. */
const HOPS_MAX = 10;

/**
 * Whether too many automations led to an event that would set off one more. What is ordered already (the start of an
 * entry, a delivery, an exit) is no further automation.
 *
 * @returns a sentence that names both ends: what made the event, and what it would set off; null when there is no loop
 * @throws never
 * @source docs/events.md
 */
export function findLoop(event: Pick<StoredEvent, 'hops' | 'cause'>, commands: readonly Command[]): string | null {
  if (event.hops <= HOPS_MAX) return null;
  const next = commands.flatMap((command) => {
    if (command.kind === 'run-rule') return [`the rule "${command.ruleName}"`];
    if (command.kind === 'start-entry' || command.kind === 'reach-goal')
      return [`the map "${command.listener.mapName}"`];
    return [];
  });
  if (next.length === 0) return null;
  const { cause } = event;
  const maker = cause ? `the ${cause.kind} "${cause.name}" made this event, and it` : 'this event';
  return `more than ${HOPS_MAX} automations led here, one after the other: this looks like a loop; ${maker} would set off ${next.join(', ')}`;
}
