import type { FactType } from '../schemas/event';
import { EVENT_ROWS, type EventRow, eventRowOf } from '../schemas/event-catalogue';
import { type ListenedEvent, listenedEvent } from '../schemas/listened-event';

/** A subscription's event string, taken apart. `args` are as written, without blanks around them; "" means any. */
export interface EventString {
  type: EventRow['type'];
  args: string[];
}
/** Targets that are named by a decimal id. */
export type NumberedTarget = Extract<EventRow['target'], 'tag' | 'form' | 'product' | 'map' | 'inbound'>;

const NUMBERED: readonly EventRow['target'][] = ['tag', 'form', 'product', 'map', 'inbound'];
const DECIMAL = /^\d{1,15}$/;
const ANY = '0';
const OUTCOMES = ['success', 'failure'] as const;

type Parsed<T> = (T & { problem: null }) | { problem: string };
type Row = EventRow | undefined;
const refuse = (problem: string): { problem: string } => ({ problem });
const isOfObjectType = (row: Row): boolean => row?.targetKey === 'object_type_id';
const isNumbered = (row: Row): boolean => NUMBERED.includes(row?.target ?? null);

/**
 * Takes an event string apart: `sub_tag(4)`, `object_create(0)`, `custom(order.shipped)`.
 *
 * @throws never
 * @source reference section 3C; docs/subscriptions.md#event-strings
 */
export function parseEventString(text: string): Parsed<{ parsed: EventString }> {
  const [, name = '', inside = ''] = /^\s*([a-z_]+)\s*(?:\((.*)\))?\s*$/s.exec(text) ?? [];
  const row = EVENT_ROWS.find(({ subscription }) => subscription === name);
  if (!row) {
    const known = EVENT_ROWS.flatMap(({ subscription }) => subscription ?? []).join(', ');
    return refuse(`is no event; write one such as sub_tag(4), with one of ${known}`);
  }
  const args = row.target === 'message' ? [inside.trim()] : inside.split(',').map((arg) => arg.trim());
  const [target = ''] = args;
  if ((isNumbered(row) || isOfObjectType(row)) && target !== '' && !DECIMAL.test(target))
    return refuse(`names its target by a decimal id: ${name}(4)`);
  return { parsed: { type: row.type, args }, problem: null };
}

/** Kind of target that events of a type name by a decimal id; null when they name none so. @throws never */
export const numberedKindOf = (type: FactType): NumberedTarget | null => {
  const row = eventRowOf(type);
  return isNumbered(row) ? (row?.target as NumberedTarget) : null;
};

/** The decimal id that must be looked up before an event string can be listened for; null when it names none. @throws never */
export function numberedTargetOf({ type, args }: EventString): { kind: NumberedTarget; number: number } | null {
  const row = eventRowOf(type);
  const number = Number(args[0]);
  return isNumbered(row) && number > 0 ? { kind: row?.target as NumberedTarget, number } : null;
}

/**
 * What an event string listens for.
 *
 * @param id of its target; null when it names none by a decimal id
 * @returns the object type whose records are meant, null for any, where the string says so
 * @throws never
 */
export function listenTo(
  { type, args }: EventString,
  id: string | null,
): Parsed<{ event: ListenedEvent; objectTypeId: number | null }> {
  const row = eventRowOf(type);
  const [target = '', ...more] = args;
  const named = isNumbered(row) ? id : target === '' || target === ANY ? null : target;
  const parsed = listenedEvent.safeParse({ type, ...paramsOf(type, named ?? undefined, more) });
  if (!parsed.success) return refuse(parsed.error.issues.map((issue) => `${issue.path}: ${issue.message}`).join('; '));
  const objectTypeId = isOfObjectType(row) && target !== '' ? Number(target) : null;
  return { event: parsed.data, objectTypeId, problem: null };
}

function paramsOf(type: EventRow['type'], target: string | undefined, more: string[]): object {
  switch (type) {
    case 'form.submitted':
      return { formId: target, ...(more[0] ? { outcome: OUTCOMES[Number(more[0])] ?? more[0] } : {}) };
    case 'date-field.reached':
      return { fieldId: target, offsetDays: Number(more[0] || 0), isYearly: more[1] === 'yearly' };
    default: {
      const key = PARAMS[eventRowOf(type)?.target ?? ''];
      return key ? { [key]: target } : {};
    }
  }
}

const PARAMS: Partial<Record<string, string>> = {
  tag: 'tagId',
  field: 'fieldId',
  product: 'productId',
  map: 'mapId',
  message: 'messageId',
  inbound: 'inboundId',
  date: 'date',
  name: 'name',
};

/** The id of what a listened event names by a decimal id in its event string, and of which kind it is; null for any. @throws never */
export function targetIdOf(event: ListenedEvent): { kind: NumberedTarget; id: string } | null {
  const target = eventRowOf(event.type)?.target ?? null;
  if (!NUMBERED.includes(target)) return null;
  const id = (event as unknown as Record<string, string | undefined>)[`${target}Id`];
  return id === undefined ? null : { kind: target as NumberedTarget, id };
}

/**
 * The event string of what is listened for. What it cannot say, such as the value that a field becomes, is left out.
 *
 * @param number of the target that `targetIdOf` gives; null for any
 * @throws never
 */
export function printEventString(event: ListenedEvent, objectTypeId: number | null, number: number | null): string {
  const row = eventRowOf(event.type);
  return `${row?.subscription ?? event.type}(${argsOf(event, row, { objectTypeId, number }).join(',')})`;
}

function argsOf(
  event: ListenedEvent,
  row: Row,
  of: { objectTypeId: number | null; number: number | null },
): (string | number)[] {
  if (isOfObjectType(row)) return [of.objectTypeId ?? ''];
  switch (event.type) {
    case 'form.submitted':
      return [of.number ?? ANY, ...(event.outcome ? [OUTCOMES.indexOf(event.outcome)] : [])];
    case 'date-field.reached':
      return [
        event.fieldId,
        ...(event.offsetDays !== 0 || event.isYearly ? [event.offsetDays] : []),
        ...(event.isYearly ? ['yearly'] : []),
      ];
    case 'date.reached':
      return [event.date];
    case 'custom':
      return [event.name];
    case 'field.updated':
      return [event.fieldId ?? ANY];
    case 'email.opened':
    case 'email.clicked':
      return [event.messageId ?? ANY];
    default:
      return isNumbered(row) ? [of.number ?? ANY] : [];
  }
}
