import { decodeRule, encodeRule, type RuleStrings } from '../../domain/ontraport/rule-strings';
import { secondsOf } from '../../domain/ontraport-value';
import type { AccountId } from '../../schemas/ids';
import { type RuleSettings, ruleSettings, type StoredRule } from '../../schemas/rule';
import type { Database, Session } from '../../store/database';
import { findLastFiredAt } from '../../store/evaluations';
import { getObjectType } from '../../store/object-types';
import { findAccountNumbers } from '../handlers/account-numbers';
import { parseGiven, refuse } from '../problem';
import type { Shown } from './resource';

/** Settings from strings. @throws AppError `request.invalid` naming each item that is not understood */
export async function readStrings(
  db: Database,
  session: Session,
  of: { accountId: AccountId; objectTypeId: number; name: string; strings: RuleStrings },
): Promise<RuleSettings> {
  const { accountId, objectTypeId, name, strings } = of;
  const { fields } = await getObjectType(db, accountId, objectTypeId, session);
  const numbers = await findAccountNumbers(db, { accountId, fields }, (asked) => decodeRule(strings, asked), session);
  const { parts, problems } = decodeRule(strings, numbers);
  refuse(problems, 'fields.');
  return parseGiven(ruleSettings, { name, objectTypeId, ...parts }, 'fields.');
}

/** A rule as Ontraport's API has it. */
export async function showRule(db: Database, rule: StoredRule, session?: Session): Promise<Shown> {
  const { accountId, settings, number, isPaused, createdAt, updatedAt } = rule;
  const { fields } = await getObjectType(db, accountId, settings.objectTypeId, session);
  const numbers = await findAccountNumbers(db, { accountId, fields }, (asked) => encodeRule(settings, asked), session);
  const lastFiredAt = await findLastFiredAt(db, { accountId, ruleId: rule._id });
  return {
    id: String(number),
    name: settings.name,
    object_type_id: String(settings.objectTypeId),
    ...encodeRule(settings, numbers),
    pause: isPaused ? '1' : '0',
    last_action: lastFiredAt ? secondsOf(lastFiredAt) : '0',
    drip_id: '0',
    date: secondsOf(createdAt),
    dlm: secondsOf(updatedAt),
  };
}
