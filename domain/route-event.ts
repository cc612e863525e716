import type { Reentry } from '../schemas/automation-map';
import type { Condition } from '../schemas/condition';
import type { ListenedEvent } from '../schemas/element';
import type { Fact } from '../schemas/event';
import type { AccountId, DeliveryId, EntryId, MapId } from '../schemas/ids';
import type { RecordFacts } from '../schemas/record';
import { matchCondition } from './match-condition';

/** A trigger of a published map, as the index keeps it. */
export interface Listener {
  accountId: AccountId;
  objectTypeId: number;
  mapId: MapId;
  mapName: string;
  versionNumber: number;
  elementId: string;
  events: ListenedEvent[];
  condition: Condition | undefined;
  reentry: Reentry;
}

/** What an event asks for; each is carried out so that a repeat does nothing. */
export type Command =
  | { kind: 'start-entry'; listener: Listener }
  | { kind: 'start-requested'; entryId: EntryId }
  | { kind: 'start-delivery'; deliveryId: DeliveryId }
  | { kind: 'wake-entries' };

/** Whether a fact is the one listened for. `manual` is never matched: people and clients name the map themselves. */
export function matchFact(listened: ListenedEvent, fact: Fact): boolean {
  switch (listened.type) {
    case 'manual':
      return false;
    case 'record.created':
      return fact.type === 'record.created';
    case 'tag.added':
    case 'tag.removed':
      return fact.type === listened.type && fact.tagId === listened.tagId;
    case 'field.updated':
      return (
        fact.type === 'field.updated' &&
        fact.fieldId === listened.fieldId &&
        (listened.to === undefined || JSON.stringify(listened.to) === JSON.stringify(fact.after))
      );
    case 'custom':
      return fact.type === 'custom' && fact.name === listened.name;
  }
}

/** Keys under which listeners for a fact are found, whatever else the account has published. */
export function keyOf(accountId: AccountId, objectTypeId: number, event: Fact | ListenedEvent): string {
  const target =
    'tagId' in event ? event.tagId : 'fieldId' in event ? event.fieldId : 'name' in event ? event.name : '';
  return `${accountId} ${objectTypeId} ${event.type} ${target}`;
}

/**
 * What follows from one event.
 *
 * @param listeners those whose key fits the fact; at most one command a map follows, from its first trigger that matches
 * @param record    the record as it is now, or null when it is gone
 * @throws never
 * @source docs/events.md
 */
export function routeEvent(fact: Fact, record: RecordFacts | null, listeners: readonly Listener[]): Command[] {
  if (fact.type === 'record.deleted') return [{ kind: 'wake-entries' }];
  if (fact.type === 'entry.requested') return [{ kind: 'start-requested', entryId: fact.entryId }];
  if (fact.type === 'delivery.requested') return [{ kind: 'start-delivery', deliveryId: fact.deliveryId }];
  if (!record) return [];
  const started = new Set<MapId>();
  return listeners.flatMap((listener): Command[] => {
    const isMatch =
      listener.events.some((listened) => matchFact(listened, fact)) &&
      (!listener.condition || matchCondition(listener.condition, record));
    if (!isMatch || started.has(listener.mapId)) return [];
    started.add(listener.mapId);
    return [{ kind: 'start-entry', listener }];
  });
}
