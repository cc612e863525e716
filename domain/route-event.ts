import type { Reentry } from '../schemas/automation-map';
import type { Condition } from '../schemas/condition';
import type { ElementOf } from '../schemas/element';
import type { Fact } from '../schemas/event';
import type { AccountId, DeliveryId, EntryId, MapId, OutgoingMessageId, RuleId, SubscriptionId } from '../schemas/ids';
import type { ListenedEvent } from '../schemas/listened-event';
import type { RecordFacts } from '../schemas/record';
import { matchFact } from './event-keys';
import { matchCondition } from './match-condition';
import { NO_SURROUNDINGS, type Surroundings } from './surroundings';

/** What every listener says of itself. */
interface Listening {
  accountId: AccountId;
  /** Null listens to records of any type */
  objectTypeId: number | null;
  events: ListenedEvent[];
}

/** An element of a published map that waits for events, as the index keeps it. */
interface ElementListener extends Listening {
  mapId: MapId;
  mapName: string;
  versionNumber: number;
  elementId: string;
  condition: Condition | undefined;
  reentry: Reentry;
}
export interface TriggerListener extends ElementListener {
  kind: 'trigger';
}
export interface GoalListener extends ElementListener {
  kind: 'goal';
  reach: ElementOf<'goal'>['settings']['reach'];
}
/** A rule; its condition is asked in the transaction in which it acts, so that it can say why not. */
export interface RuleListener extends Listening {
  kind: 'rule';
  ruleId: RuleId;
  ruleName: string;
}
/** A subscription; likewise. */
export interface SubscriptionListener extends Listening {
  kind: 'subscription';
  subscriptionId: SubscriptionId;
}
export type Listener = TriggerListener | GoalListener | RuleListener | SubscriptionListener;

/** What an event asks for; each is carried out so that a repeat does nothing. */
export type Command =
  | { kind: 'start-entry'; listener: TriggerListener }
  | { kind: 'reach-goal'; listener: GoalListener }
  | { kind: 'run-rule'; ruleId: RuleId; ruleName: string }
  | { kind: 'notify'; subscriptionId: SubscriptionId }
  | { kind: 'start-requested'; entryId: EntryId }
  | { kind: 'start-delivery'; deliveryId: DeliveryId }
  | { kind: 'start-message'; outgoingId: OutgoingMessageId }
  | { kind: 'exit-map'; mapId: MapId }
  | { kind: 'wake-entries' }
  | { kind: 'resume-entry'; entryId: EntryId };

/**
 * What follows from one event: rules first, since they change what is then seen, then maps, then subscriptions. Of
 * maps goals come first: who enters by an event has not met a goal by it.
 *
 * @param listeners those whose key fits the fact; at most one command a map follows, from its first trigger that matches
 * @param record    the record as it is now, or null when it is gone: then only subscriptions are told
 * @param around    what conditions of the triggers need beyond the record; nothing is there unless it is given
 * @throws never
 * @source docs/events.md
 */
export function routeEvent(
  fact: Fact,
  record: RecordFacts | null,
  listeners: readonly Listener[],
  around: Surroundings = NO_SURROUNDINGS,
): Command[] {
  if (fact.type === 'entry.requested') return [{ kind: 'start-requested', entryId: fact.entryId }];
  if (fact.type === 'delivery.requested') return [{ kind: 'start-delivery', deliveryId: fact.deliveryId }];
  if (fact.type === 'message.requested') return [{ kind: 'start-message', outgoingId: fact.outgoingId }];
  if (fact.type === 'exit.requested') return [{ kind: 'exit-map', mapId: fact.mapId }];
  const matching = listeners.filter(({ events }) => events.some((listened) => matchFact(listened, fact)));
  const rules = new Map(
    matching.flatMap((listener) => (listener.kind === 'rule' ? [[listener.ruleId, listener.ruleName]] : [])),
  );
  const subscriptions = new Set(
    matching.flatMap((listener) => (listener.kind === 'subscription' ? [listener.subscriptionId] : [])),
  );
  return [
    ...(fact.type === 'record.deleted' ? [{ kind: 'wake-entries' as const }] : []),
    ...(fact.type === 'map.resumed' ? [{ kind: 'resume-entry' as const, entryId: fact.entryId }] : []),
    ...(record ? [...rules].map(([ruleId, ruleName]): Command => ({ kind: 'run-rule', ruleId, ruleName })) : []),
    ...(record ? [...goalsOf(record, matching, around), ...entriesOf(record, matching, around)] : []),
    ...[...subscriptions].map((subscriptionId): Command => ({ kind: 'notify', subscriptionId })),
  ];
}

const goalsOf = (record: RecordFacts, matching: readonly Listener[], around: Surroundings): Command[] =>
  matching.flatMap((listener): Command[] => {
    if (listener.kind !== 'goal') return [];
    const isMet = !listener.condition || matchCondition(listener.condition, record, around);
    return isMet ? [{ kind: 'reach-goal', listener }] : [];
  });

function entriesOf(record: RecordFacts, matching: readonly Listener[], around: Surroundings): Command[] {
  const started = new Set<MapId>();
  return matching.flatMap((listener): Command[] => {
    if (listener.kind !== 'trigger' || started.has(listener.mapId)) return [];
    if (listener.condition && !matchCondition(listener.condition, record, around)) return [];
    started.add(listener.mapId);
    return [{ kind: 'start-entry', listener }];
  });
}
