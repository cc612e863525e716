import type { OutcomeClass } from './delivery';
import type { EventId } from './ids';

/** How a delivery ended. */
export interface Sent {
  kind: 'sent';
  result: 'delivered' | 'failed' | 'cancelled';
  class: OutcomeClass;
  status: number | null;
}

/** That an event of the record has met a goal of the map. */
export interface MetGoal {
  elementId: string;
  eventId: EventId;
  /** Automations that led to the event */
  hops: number;
  /** In which the goal stood then */
  versionNumber: number;
}

/** Why `advance` is called: the end of the stop before, or a goal that was met. */
export type Cause =
  | { kind: 'entered' }
  | { kind: 'deadline' }
  | { kind: 'woken' }
  | Sent
  /** `sent`: how the delivery ended that was under way; unset while it is */
  | ({ kind: 'goal'; sent?: Sent } & MetGoal)
  | { kind: 'exit' };
