import { type Action, actionSchema } from '../../schemas/action';
import { ACTION_ROWS } from '../../schemas/action-catalogue';
import { type Condition, conditionSchema } from '../../schemas/condition';
import { CONDITION_ROWS } from '../../schemas/condition-catalogue';
import { EVENT_SPELLINGS } from '../../schemas/event-spellings';
import { type ListenedEvent, listenedEvent } from '../../schemas/listened-event';
import { parseShape, type Shape } from '../../schemas/parse-shape';
import { canonicalJson } from '../canonical-json';
import type { AccountNumbers } from './account-numbers';
import type { Read } from './field-text';
import { type Candidate, readItem, writeItem } from './item';
import { formatItem, formatOwn, parseItem, parseOwn } from './item-text';
import { isOldPing } from './old-ping';
import { RELATIVE_DATE, readRelativeDate, writeRelativeDate } from './relative-date';

const EVENTS: readonly Candidate[] = Object.entries(EVENT_SPELLINGS).flatMap(([type, { rule }]) =>
  rule.map((spelling) => ({ is: { type }, spelling })),
);
const CONDITIONS: readonly Candidate[] = CONDITION_ROWS.flatMap(({ kind, rule }) =>
  rule.map((spelling) => ({ is: { kind }, spelling })),
);
const ACTIONS: readonly Candidate[] = ACTION_ROWS.flatMap(({ kind, rule }) =>
  rule.map((spelling) => ({ is: { kind }, spelling })),
);

/** One item of a rule's strings, by the tables of the place it stands in. */
export interface Place<T> {
  read(text: string, numbers: AccountNumbers): Read<T>;
  /** What it writes reads the same again */
  write(item: T, numbers: AccountNumbers): string;
}

/** @param codes how the place writes items beside its table */
function placeOf<T extends object>(
  schema: Shape<T>,
  candidates: readonly Candidate[],
  codes?: {
    read(code: string, params: readonly string[]): Read<Record<string, unknown>> | null;
    write(item: T): string | null;
  },
): Place<T> {
  const parse = (item: unknown): Read<T> => parseShape(schema, item);
  const read = (text: string, numbers: AccountNumbers): Read<T> => {
    const own = parseOwn(text);
    if (own) return 'problem' in own ? own : parse(own.value);
    const item = parseItem(text);
    if (!item) return { problem: 'it is not written as code(parameter,parameter)' };
    const special = codes?.read(item.code, item.params);
    if (special) return 'problem' in special ? special : parse(special.value);
    return readItem(candidates, item, { numbers, parse });
  };
  return {
    read,
    write(item, numbers) {
      const facts = item as Record<string, unknown>;
      const texts = candidates
        .filter(({ is, spelling }) => Object.entries({ ...is, ...spelling.says }).every(([k, v]) => facts[k] === v))
        .map(({ spelling }) => {
          const params = writeItem(facts, spelling, numbers);
          return params && formatItem(spelling.code, params);
        });
      const isSame = (text: string | null): boolean => text !== null && isSaid(read(text, numbers), item);
      return [...texts, codes?.write(item) ?? null].find(isSame) ?? formatOwn(item);
    },
  };
}

const isSaid = <T>(read: Read<T>, item: T): boolean =>
  'value' in read && canonicalJson(read.value) === canonicalJson(item);

/** Events as rules write them. */
export const ruleEvent: Place<ListenedEvent> = placeOf(listenedEvent, EVENTS, {
  read(code, params) {
    if (code !== RELATIVE_DATE) return null;
    const read = readRelativeDate(params);
    return 'problem' in read ? read : { value: { type: 'date-field.reached', ...read.value } };
  },
  write: (event) => (event.type === 'date-field.reached' ? formatItem(RELATIVE_DATE, writeRelativeDate(event)) : null),
});

/** Conditions as rules write them; groups are `rule-strings.ts`'s. */
export const ruleCondition: Place<Condition> = placeOf(conditionSchema, CONDITIONS);

const actions: Place<Action> = placeOf(actionSchema as Shape<Action>, ACTIONS);
const OLD_PING = 'it holds a URL; make that a webhook, and name it by its id';

/** Actions as rules write them, each with one tag. */
export const ruleAction: Place<Action> = {
  read: (text, numbers) => (isOldPing(text) ? { problem: OLD_PING, isUnknown: true } : actions.read(text, numbers)),
  write: (action, numbers) => actions.write(action, numbers),
};
