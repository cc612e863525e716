import { matchFact } from '../domain/event-keys';
import { explainCondition } from '../domain/explain-condition';
import { sortReferences } from '../domain/references';
import { referencesOfRule } from '../domain/rule-references';
import { needsOf } from '../domain/surroundings';
import { now } from '../lib/clock';
import { newId } from '../lib/ids';
import { FEATURES_DEFAULT, type StoredAccount } from '../schemas/account';
import type { StoredEvent } from '../schemas/event';
import type { RuleId } from '../schemas/ids';
import type { ObjectType } from '../schemas/object-type';
import type { StoredRule } from '../schemas/rule';
import { getAccount } from '../store/accounts';
import type { Database, Session } from '../store/database';
import { appendEvaluation, isEvaluated } from '../store/evaluations';
import { type FoundReferred, findReferred } from '../store/find-referred';
import { getObjectType } from '../store/object-types';
import { findRecord } from '../store/records';
import { findRule } from '../store/rules';
import { fireRule } from './fire-rule';
import { readSurroundings } from './read-surroundings';

/** A rule may have 50 actions of 100 tags each; their names are not all told. */
const BECAUSE_CHARS_MAX = 1000;

/**
 * Asks a rule about an event, and has it act when its condition holds; notes what came of it, so that it happens once.
 * Nothing is noted of a rule that is paused, gone, switched off, or no longer listens for this.
 *
 * @throws a duplicate error when another process does the same; MongoDB's errors
 * @source docs/rules.md
 */
export async function evaluateRule(
  db: Database,
  session: Session,
  of: { event: StoredEvent; ruleId: RuleId },
): Promise<void> {
  const { event, ruleId } = of;
  const { accountId, recordId, _id: eventId } = event;
  if (await isEvaluated(db, { ruleId, eventId }, session)) return;
  const rule = await findRule(db, { accountId, ruleId }, session);
  if (!rule || rule.isPaused || !isListening(rule, event)) return;
  if (!isSwitchedOn(rule, await getAccount(db, accountId, session))) return;
  const record = await findRecord(db, event, session);
  if (!record) return;

  const { condition } = rule.settings;
  const found = await findReferred(db, accountId, sortReferences(referencesOfRule(rule.settings)), session);
  const names = namesOf(found, await getObjectType(db, accountId, record.objectTypeId, session));
  const around = await readSurroundings(db, event, needsOf([condition]), session);
  const asked = condition ? explainCondition(condition, record, names, around) : { isMet: true, because: '' };
  const outcome = asked.isMet
    ? await fireRule(db, session, { event, rule, record, found, names })
    : { didFire: false, because: asked.because };
  await appendEvaluation(db, session, {
    _id: newId('evaluation'),
    accountId,
    ruleId,
    eventId,
    recordId,
    didFire: outcome.didFire,
    because: cut(outcome.because),
    at: now(),
  });
}

const cut = (text: string): string =>
  text.length > BECAUSE_CHARS_MAX ? `${text.slice(0, BECAUSE_CHARS_MAX)}...` : text;

/** A rule may have been changed since its listeners were read. */
const isListening = ({ settings }: StoredRule, { objectTypeId, fact }: StoredEvent): boolean =>
  settings.objectTypeId === objectTypeId && settings.events.some((listened) => matchFact(listened, fact));

function isSwitchedOn(rule: StoredRule, { settings }: StoredAccount): boolean {
  const { globalRules, formRules } = settings.features ?? FEATURES_DEFAULT;
  return rule.formId === null ? globalRules : formRules;
}

const namesOf = ({ tags, webhooks, maps, products, messages }: FoundReferred, { fields }: ObjectType) =>
  new Map<string, string>([
    ...fields.map(({ id, label }): [string, string] => [id, label]),
    ...tags.map(({ _id, name }): [string, string] => [_id, name]),
    ...webhooks.map(({ _id, settings }): [string, string] => [_id, settings.name]),
    ...messages.map(({ _id, settings }): [string, string] => [_id, settings.name]),
    ...maps.map(({ _id, name }): [string, string] => [_id, name]),
    ...products.map(({ _id, fields }): [string, string] => [_id, String(fields.name ?? _id)]),
  ]);
