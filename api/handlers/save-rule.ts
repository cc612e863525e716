import { fixedValuesOf } from '../../domain/check-new-record';
import type { Known } from '../../domain/check-reference';
import { checkRule, settleForm } from '../../domain/check-rule';
import { parseFieldValues, relationsIn } from '../../domain/parse-field-values';
import { sortReferences } from '../../domain/references';
import { referencesOfRule } from '../../domain/rule-references';
import { AppError } from '../../lib/errors';
import type { AccountId, FormId, RuleId } from '../../schemas/ids';
import type { RuleSettings, StoredRule } from '../../schemas/rule';
import type { Database, Session } from '../../store/database';
import { lockWebhookUse } from '../../store/locks';
import { getObjectType } from '../../store/object-types';
import { getRule, insertRule, saveRule } from '../../store/rules';
import { invalid, refuse } from '../problem';
import { checkRelations } from './check-relations';
import { readKnown } from './read-known';

/**
 * Creates a rule after the checks. Global without a form; with one it is one of the form's "Always-on rules".
 *
 * @throws AppError `request.invalid` with paths inside `settings`, `object-type.not-found`
 */
export async function createRule(
  db: Database,
  session: Session,
  given: Pick<StoredRule, 'accountId' | 'settings' | 'formId' | 'unknown'>,
): Promise<StoredRule> {
  const { accountId, formId, unknown = null } = given;
  await lockWebhookUse(db, session, accountId);
  await refuseBadRule(db, session, given);
  return insertRule(db, session, { accountId, formId, unknown, settings: settleForm(given.settings, formId) });
}

/**
 * Replaces the settings of a rule after the checks, and with them what was unknown of it. With unknown items it is paused.
 *
 * @throws AppError `rule.not-found`, `request.invalid`, `object-type.not-found`
 */
export async function changeRule(
  db: Database,
  session: Session,
  edit: { accountId: AccountId; ruleId: RuleId } & Pick<StoredRule, 'settings' | 'unknown'>,
): Promise<StoredRule> {
  const { accountId, ruleId, settings, unknown = null } = edit;
  await lockWebhookUse(db, session, accountId);
  const { formId } = await getRule(db, edit, session);
  await refuseBadRule(db, session, { accountId, settings, formId });
  const paused = unknown ? { isPaused: true } : {};
  return saveRule(db, session, { accountId, ruleId, unknown, settings: settleForm(settings, formId), ...paused });
}

/** Pauses a rule or has it act again; one that is so already stays as it is. @throws AppError `rule.not-found`, `rule.unknown-items` */
export async function pauseRule(
  db: Database,
  session: Session,
  of: { accountId: AccountId; ruleId: RuleId; isPaused: boolean },
): Promise<StoredRule> {
  const before = await getRule(db, of, session);
  if (!of.isPaused && before.unknown)
    throw new AppError('rule.unknown-items', {
      problems: before.unknown.items.map(({ path, item, reason }) => ({
        path,
        message: `"${item.slice(0, 200)}" is not understood: ${reason}; replace it, then resume the rule`,
      })),
    });
  return before.isPaused === of.isPaused ? before : saveRule(db, session, of);
}

async function refuseBadRule(
  db: Database,
  session: Session,
  given: { accountId: AccountId; settings: RuleSettings; formId: FormId | null },
): Promise<void> {
  const { accountId, settings, formId } = given;
  const objectType = await getObjectType(db, accountId, settings.objectTypeId, session);
  const referred = sortReferences(referencesOfRule(settleForm(settings, formId)));
  const known = await readKnown(db, { accountId, objectType, referred }, session);
  if (formId !== null && !known.forms.has(formId))
    throw invalid({ path: 'formId', message: 'is no form of the account' });
  const relations = relationsSetBy(settings, known);
  const dead = await checkRelations(db, { accountId, relations }, session);
  refuse([...checkRule(settings, known, formId), ...dead.map(({ problem }) => problem)], 'settings.');
}

/** Records that actions of a rule set relations to. */
const relationsSetBy = ({ actions }: RuleSettings, known: Known) =>
  actions.flatMap((action, index) => {
    if (action.kind === 'change-field') {
      const { fields } = known.objectType;
      const { values } = parseFieldValues({ [action.fieldId]: action.value }, fields);
      return relationsIn(values, fields).map((found) => ({ ...found, path: `actions.${index}.value` }));
    }
    if (action.kind === 'create-record') {
      const fields = known.objectTypes.get(action.objectTypeId)?.fields ?? [];
      const { values } = parseFieldValues(fixedValuesOf(action, known), fields);
      return relationsIn(values, fields).map((found) => ({
        ...found,
        path: `actions.${index}.fields.${found.fieldId}`,
      }));
    }
    return [];
  });
