import { EVENT_ROWS, type EventTarget, eventRowOf } from '../../schemas/event-catalogue';
import { type ListenedEvent, listenedEvent } from '../../schemas/listened-event';
import type { AccountNumbers, NumberedKind } from './account-numbers';

/** An event that is subscribed to; an event about any record of a type names the type as its target. */
export interface SubscribedEvent {
  event: ListenedEvent;
  objectTypeId: number | null;
}

/** Under which name a listened event keeps its target, and what the decimal ids of it stand for. */
const TARGETS: Readonly<Record<Exclude<EventTarget, null>, { key: string; kind: NumberedKind | null }>> = {
  tag: { key: 'tagId', kind: 'tag' },
  form: { key: 'formId', kind: 'form' },
  product: { key: 'productId', kind: 'record' },
  map: { key: 'mapId', kind: 'map' },
  field: { key: 'fieldId', kind: null },
  message: { key: 'messageId', kind: null },
  inbound: { key: 'inboundId', kind: null },
  date: { key: 'date', kind: null },
  name: { key: 'name', kind: null },
};
const ANY = /^[0*]?$/;

/**
 * Reads an event string such as `sub_tag(4)`. A target of 0 or `*` means any, but for `object_create(0)`, where it is
 * the object type of contacts.
 *
 * @returns the event, or the sentence of what is wrong
 * @throws never
 * @source reference section 3C
 */
export function parseSubscribedEvent(text: string, numbers: AccountNumbers): SubscribedEvent | { problem: string } {
  const [, name, target = ''] = /^\s*([a-z_]{1,60})\s*\(\s*([^()]{0,100}?)\s*\)\s*$/.exec(text) ?? [];
  const row = EVENT_ROWS.find(({ subscription }) => subscription !== null && subscription === name);
  if (!row) {
    const names = EVENT_ROWS.flatMap(({ subscription }) => subscription ?? []);
    return { problem: `must be an event and its target, such as sub_tag(4); events are ${names.join(', ')}` };
  }
  if (row.targetKey === 'object_type_id') {
    if (target === '*' || target === '') return { event: { type: row.type } as ListenedEvent, objectTypeId: null };
    if (!/^\d{1,7}$/.test(target)) return { problem: 'must name an object type, such as object_create(0)' };
    return { event: { type: row.type } as ListenedEvent, objectTypeId: Number(target) };
  }
  const wanted: Record<string, unknown> = { type: row.type };
  if (row.target !== null && !ANY.test(target)) {
    const { key, kind } = TARGETS[row.target];
    const id = kind === null || !/^\d{1,15}$/.test(target) ? undefined : numbers.idOf(kind, Number(target));
    if (kind !== null && id === undefined) return { problem: `names a ${row.target} that there is not: ${target}` };
    wanted[row.type === 'date-field.reached' ? 'fieldId' : key] = id ?? target;
  }
  const parsed = listenedEvent.safeParse(wanted);
  return parsed.success
    ? { event: parsed.data, objectTypeId: null }
    : { problem: `has a target that does not fit: ${parsed.error.issues[0]?.message ?? ''}` };
}

/** The event string; a target that is gone is 0. @throws never */
export function formatSubscribedEvent({ event, objectTypeId }: SubscribedEvent, numbers: AccountNumbers): string {
  const row = eventRowOf(event.type);
  const name = row?.subscription ?? event.type;
  if (row?.targetKey === 'object_type_id') return `${name}(${objectTypeId ?? '*'})`;
  if (!row?.target) return `${name}(0)`;
  const { key, kind } = TARGETS[row.target];
  const target = (event as Record<string, unknown>)[event.type === 'date-field.reached' ? 'fieldId' : key];
  if (typeof target !== 'string') return `${name}(0)`;
  return `${name}(${kind === null ? target : (numbers.numberOf(kind, target) ?? 0)})`;
}
