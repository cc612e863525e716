import type { Action } from '../../schemas/action';
import type { Condition } from '../../schemas/condition';
import type { Problem } from '../../schemas/problem';
import type { RuleSettings, RuleStrings, UnknownItem } from '../../schemas/rule';
import { canonicalJson } from '../canonical-json';
import type { AccountNumbers } from './account-numbers';
import { foldConditions, type Joined, simplifyCondition, unfoldCondition } from './condition-groups';
import { formatOwn } from './item-text';
import { joinOldPings } from './old-ping';
import { type Place, ruleAction, ruleCondition, ruleEvent } from './rule-items';

/** What the strings say of a rule. */
export type RuleParts = Pick<RuleSettings, 'events' | 'actions'> & { condition?: Condition | undefined };

/** Most items of one string: Ontraport has an action for each tag. */
const ITEMS_MAX: Readonly<Record<keyof RuleStrings, number>> = { events: 50, conditions: 50, actions: 500 };
const ACTIONS_MAX = 50;
/** Most turns between AND and OR: each is a level that the database nests */
const TURNS_MAX = 20;

/**
 * Reads a rule's strings: items `code(p1,p2)`, joined by `;`, conditions also by `|` for OR, from left to right.
 *
 * @returns what is understood; `problems` say of each item that is not, why. `unknown` holds those of them that have no
 *   counterpart here: a rule may be kept with them, paused, with its strings as they came. The others are mistakes.
 * @throws never
 * @source reference sections 2A to 2C and 3E, docs/ontraport-codecs.md
 */
export function decodeRule(
  strings: Partial<RuleStrings>,
  numbers: AccountNumbers,
): { parts: RuleParts; problems: Problem[]; unknown: UnknownItem[] } {
  const problems: Problem[] = [];
  const unknown: UnknownItem[] = [];
  const refuse = (path: string, item: string, problem: string): void => {
    problems.push({ path, message: `"${item.slice(0, 200)}" is not understood: ${problem}` });
  };
  const read = <T>(
    name: keyof RuleStrings,
    separator: RegExp,
    place: Place<T>,
  ): { joined: Joined['joined']; value: T }[] =>
    splitItems(name, { text: strings[name] ?? '', separator }, refuse).flatMap(({ text, path, joined }) => {
      const item = place.read(text, numbers);
      if ('value' in item) return [{ joined, value: item.value }];
      refuse(path, text, item.problem);
      if (item.isUnknown) unknown.push({ path, item: text, reason: item.problem });
      return [];
    });
  const events = read('events', /(;)/, ruleEvent).map(({ value }) => value);
  const row = read('conditions', /([;|])/, ruleCondition).map(({ joined, value }) => ({ joined, condition: value }));
  const actions = mergeTags(read('actions', /(;)/, ruleAction).map(({ value }) => value));

  const turns = row.filter(({ joined }, index) => index > 1 && joined !== row[index - 1]?.joined).length;
  const isTooTurned = turns > TURNS_MAX;
  if (isTooTurned)
    refuse('conditions', strings.conditions ?? '', `it turns between ; and | more than ${TURNS_MAX} times`);
  if (actions.length > ACTIONS_MAX)
    refuse('actions', strings.actions ?? '', `a rule takes at most ${ACTIONS_MAX} actions`);
  const condition = isTooTurned ? undefined : foldConditions(row);
  const parts = { events, ...(condition ? { condition } : {}), actions: actions.slice(0, ACTIONS_MAX) };
  return { parts, problems, unknown };
}

/**
 * A rule's strings. What Ontraport cannot say stands in them as `hookline(...)`.
 *
 * @returns strings that read as the same rule; its groups simplified, its tags in one action where they follow another
 * @throws never
 */
export function encodeRule(parts: RuleParts, numbers: AccountNumbers): RuleStrings {
  return {
    events: parts.events.map((event) => ruleEvent.write(event, numbers)).join(';'),
    conditions: parts.condition ? writeConditions(parts.condition, numbers) : '',
    actions: parts.actions
      .flatMap(splitTags)
      .map((action) => ruleAction.write(action, numbers))
      .join(';'),
  };
}

function writeConditions(condition: Condition, numbers: AccountNumbers): string {
  const simple = simplifyCondition(condition);
  const text = unfoldCondition(simple)
    .map(({ joined, condition: part }, n) => {
      const separator = n === 0 ? '' : joined === 'all' ? ';' : '|';
      return separator + ruleCondition.write(part, numbers);
    })
    .join('');
  const { parts, problems } = decodeRule({ conditions: text }, numbers);
  const isSame = problems.length === 0 && canonicalJson(parts.condition) === canonicalJson(simple);
  return isSame ? text : formatOwn(condition);
}

function splitItems(
  name: keyof RuleStrings,
  { text, separator }: { text: string; separator: RegExp },
  refuse: (path: string, item: string, problem: string) => void,
): { text: string; path: string; joined: Joined['joined'] }[] {
  const cut = text.split(separator);
  const pieces = name === 'actions' ? joinOldPings(cut) : cut;
  const items = pieces.flatMap((piece, at) =>
    at % 2 === 1 || piece.trim() === ''
      ? []
      : [{ text: piece.trim(), joined: pieces[at - 1] === '|' ? ('any' as const) : ('all' as const) }],
  );
  const rest = items.splice(ITEMS_MAX[name]);
  if (rest.length > 0)
    refuse(name, rest.map((item) => item.text).join(';'), `at most ${ITEMS_MAX[name]} items are taken`);
  return items.map((item, index) => ({ ...item, path: `${name}.${index}` }));
}

/** Most tags that one action adds or removes. Source: schemas/action.ts */
const TAGS_MAX = 50;

type TagChange = Extract<Action, { kind: 'change-tags' }>;
const isTagChange = (action: Action | undefined): action is TagChange => action?.kind === 'change-tags';

/** Ontraport has an action for each tag. */
function splitTags(action: Action): Action[] {
  if (!isTagChange(action) || action.add.length + action.remove.length === 0) return [action];
  return [
    ...action.add.map((tagId): Action => ({ kind: 'change-tags', add: [tagId], remove: [] })),
    ...action.remove.map((tagId): Action => ({ kind: 'change-tags', add: [], remove: [tagId] })),
  ];
}

/** Tags added, then tags removed, one after the other, are one action here; the order of the string is kept. */
function mergeTags(actions: readonly Action[]): Action[] {
  const merged: Action[] = [];
  for (const action of actions) {
    const last = merged.at(-1);
    const isMergeable =
      isTagChange(action) &&
      isTagChange(last) &&
      action.add.length + action.remove.length === 1 &&
      last.add.length + last.remove.length > 0 &&
      (action.add.length === 0 || last.remove.length === 0) &&
      Math.max(last.add.length, last.remove.length) < TAGS_MAX;
    if (isMergeable)
      merged[merged.length - 1] = {
        ...last,
        add: [...last.add, ...action.add],
        remove: [...last.remove, ...action.remove],
      };
    else merged.push(action);
  }
  return merged;
}
