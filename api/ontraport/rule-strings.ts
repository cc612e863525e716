import { decodeRule, encodeRule } from '../../domain/ontraport/rule-strings';
import { secondsOf } from '../../domain/ontraport-value';
import type { AccountId } from '../../schemas/ids';
import {
  type RuleStrings,
  ruleSettings,
  type StoredRule,
  type UnknownItem,
  understoodSettings,
} from '../../schemas/rule';
import type { Database, Session } from '../../store/database';
import { findLastFiredAt } from '../../store/evaluations';
import { getObjectType } from '../../store/object-types';
import { findAccountNumbers } from '../handlers/account-numbers';
import { parseGiven, refuse } from '../problem';
import type { Shown } from './resource';

/**
 * Settings from strings, and what of them is unknown: items without a counterpart here are kept.
 *
 * @throws AppError `request.invalid` naming each item that is not understood, when one of them is wrong in itself
 */
export async function readStrings(
  db: Database,
  session: Session,
  of: { accountId: AccountId; objectTypeId: number; name: string; strings: RuleStrings },
): Promise<Pick<StoredRule, 'settings' | 'unknown'>> {
  const { accountId, objectTypeId, name, strings } = of;
  const { fields } = await getObjectType(db, accountId, objectTypeId, session);
  const numbers = await findAccountNumbers(db, { accountId, fields }, (asked) => decodeRule(strings, asked), session);
  const { parts, problems, unknown: items } = decodeRule(strings, numbers);
  if (problems.length > items.length) refuse(problems, 'fields.');
  const given = { name, objectTypeId, ...parts };
  if (items.length === 0) return { settings: parseGiven(ruleSettings, given, 'fields.'), unknown: null };
  const isKept = (name: 'events' | 'actions') =>
    parts[name].length > 0 || items.some(({ path }) => path.startsWith(name));
  refuse(
    (['events', 'actions'] as const).flatMap((path) =>
      isKept(path) ? [] : [{ path, message: 'must be at least 1 items' }],
    ),
    'fields.',
  );
  return { settings: parseGiven(understoodSettings, given, 'fields.'), unknown: { strings, items } };
}

/** A rule as Ontraport's API has it. */
export async function showRule(db: Database, rule: StoredRule, session?: Session): Promise<Shown> {
  const { accountId, settings, number, isPaused, unknown, createdAt, updatedAt } = rule;
  const { fields } = await getObjectType(db, accountId, settings.objectTypeId, session);
  const numbers = await findAccountNumbers(db, { accountId, fields }, (asked) => encodeRule(settings, asked), session);
  const lastFiredAt = await findLastFiredAt(db, { accountId, ruleId: rule._id });
  return {
    id: String(number),
    name: settings.name,
    object_type_id: String(settings.objectTypeId),
    ...(unknown?.strings ?? encodeRule(settings, numbers)),
    pause: isPaused ? '1' : '0',
    unknown: sentenceOf(unknown?.items ?? []),
    last_action: lastFiredAt ? secondsOf(lastFiredAt) : '0',
    drip_id: '0',
    date: secondsOf(createdAt),
    dlm: secondsOf(updatedAt),
  };
}

const sentenceOf = (items: readonly UnknownItem[]): string =>
  items.length === 0
    ? ''
    : `Stays paused: ${items.map(({ item, reason }) => `"${item.slice(0, 200)}" is not understood: ${reason}`).join('; ')}.`;
