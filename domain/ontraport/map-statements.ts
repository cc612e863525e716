import { type Condition, conditionSchema } from '../../schemas/condition';
import { CONDITION_ROWS } from '../../schemas/condition-catalogue';
import { EVENT_SPELLINGS } from '../../schemas/event-spellings';
import { type ListenedEvent, listenedEvent } from '../../schemas/listened-event';
import { parseShape } from '../../schemas/parse-shape';
import type { AccountNumbers } from './account-numbers';
import type { Read } from './field-text';
import { type Candidate, readItem, writeItem } from './item';
import { asObject, asText, memberOf, saysNothing, unknownIn } from './map-json';

const EVENTS: readonly Candidate[] = Object.entries(EVENT_SPELLINGS).flatMap(([type, { map }]) =>
  map.map((spelling) => ({ is: { type }, spelling })),
);
const CONDITIONS: readonly Candidate[] = CONDITION_ROWS.flatMap(({ kind, map }) =>
  map.map((spelling) => ({ is: { kind }, spelling })),
);
/** Means the map itself when it names no other one. */
const ADDED = 'added_to_campaign';
const STATEMENTS_MAX = 50;
const PARAMS_MAX = 9;

/** `{sub_tag: {a0: "4"}}` */
export type Statement = Record<string, Record<string, string>>;
/** What a statement stands in: the account's ids, and the decimal id of the map itself. */
export interface InMap {
  numbers: AccountNumbers;
  mapNumber: string;
}

/** Events of a trigger: `rule_editor.events`. @throws never */
export function readEvents(editor: unknown, { numbers, mapNumber }: InMap): Read<ListenedEvent[]> {
  return readStatements(memberOf(asObject(editor), 'events'), (code, params) =>
    code === ADDED && ['', mapNumber].includes((params[0] ?? '').trim())
      ? { value: { type: 'manual' } }
      : readItem(EVENTS, { code, params }, { numbers, parse: (item) => parseShape(listenedEvent, item) }),
  );
}

/** Conditions of a trigger or condition: `rule_editor.conditions`; one OR among them makes all of them one. @throws never */
export function readConditions(editor: unknown, { numbers }: InMap): Read<Condition | undefined> {
  const given = memberOf(asObject(editor), 'conditions');
  const read = readStatements(given, (code, params) =>
    readItem(CONDITIONS, { code, params }, { numbers, parse: (item) => parseShape(conditionSchema, item) }),
  );
  if ('problem' in read) return read;
  const [only, ...others] = read.value;
  if (!only || others.length === 0) return { value: only };
  const joins = memberOf(asObject(given), 'conjunction');
  const isAny = Array.isArray(joins) && joins.some((join) => asText(join) === '1');
  return { value: { kind: isAny ? 'any' : 'all', of: read.value } };
}

function readStatements<T>(given: unknown, read: (code: string, params: readonly string[]) => Read<T>): Read<T[]> {
  const list = memberOf(asObject(given), 'statement');
  if (saysNothing(given)) return { value: [] };
  const [strange] = unknownIn(asObject(given) ?? {}, ['statement', 'conjunction']);
  if (strange !== undefined) return { problem: `its setting "${strange.slice(0, 60)}" has no counterpart here` };
  if (saysNothing(list)) return { value: [] };
  if (!Array.isArray(list)) return { problem: 'its statements are no list' };
  if (list.length > STATEMENTS_MAX) return { problem: `it has more than ${STATEMENTS_MAX} statements` };
  const items: T[] = [];
  for (const statement of list) {
    const entries = Object.entries(asObject(statement) ?? {});
    if (entries.length === 0) return { problem: 'one of its statements is empty' };
    for (const [code, given] of entries) {
      const params = paramsOf(given);
      const item = params
        ? read(code, params)
        : { problem: `"${code.slice(0, 60)}" has parameters that are not known` };
      if ('problem' in item) return item;
      items.push(item.value);
    }
  }
  return { value: items };
}

/** `{a0: "4", a1: "e"}` as a list; nothing may stand as an empty list or text. */
function paramsOf(given: unknown): string[] | null {
  if (saysNothing(given)) return [];
  const object = asObject(given);
  const names = Array.from({ length: PARAMS_MAX }, (_, n) => `a${n}`);
  if (!object || unknownIn(object, names).length > 0) return null;
  const values = names.map((name) => memberOf(object, name));
  if (values.some((value) => typeof value === 'object' && value !== null && !saysNothing(value))) return null;
  const last = values.findLastIndex((value) => value !== undefined);
  return values.slice(0, last + 1).map(asText);
}

/** A trigger's events; those that cannot be said are left out. @throws never */
export const writeEvents = (events: readonly ListenedEvent[], { numbers, mapNumber }: InMap): Statement[] =>
  events.flatMap((event) =>
    event.type === 'manual' ? [{ [ADDED]: { a0: mapNumber } }] : writeStatement(EVENTS, event, numbers),
  );

/** Conditions; a part that cannot be said is left out. @throws never */
export function writeConditions(
  condition: Condition,
  { numbers }: InMap,
): { statement: Statement[]; conjunction: string[] } {
  const isGroup = condition.kind === 'all' || condition.kind === 'any';
  const statement = (isGroup ? condition.of : [condition]).flatMap((part) => writeStatement(CONDITIONS, part, numbers));
  return { statement, conjunction: statement.map(() => (condition.kind === 'any' ? '1' : '0')) };
}

function writeStatement(candidates: readonly Candidate[], item: object, numbers: AccountNumbers): Statement[] {
  const facts = item as Record<string, unknown>;
  for (const { is, spelling } of candidates) {
    if (!Object.entries({ ...is, ...spelling.says }).every(([key, value]) => facts[key] === value)) continue;
    const params = writeItem(facts, spelling, numbers);
    if (params) return [{ [spelling.code]: Object.fromEntries(params.map((text, n) => [`a${n}`, text])) }];
  }
  return [];
}
