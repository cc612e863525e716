import type { FormId } from '../schemas/ids';
import type { Problem } from '../schemas/problem';
import type { RuleSettings } from '../schemas/rule';
import { checkActions } from './check-actions';
import { checkCondition } from './check-condition';
import { checkEventsToActOn } from './check-events';
import { checkReference, checkValue, type Known } from './check-reference';
import { referencesOfRule } from './rule-references';

/**
 * What keeps a rule from being saved, all of it at once: what it names must exist and fit, values must fit their fields.
 *
 * @param formId of a form's rule
 * @returns problems with paths inside the settings: `actions.1.webhookId`
 * @throws never
 * @source docs/rules.md
 */
export function checkRule(settings: RuleSettings, known: Known, formId: FormId | null): Problem[] {
  const { events, condition, actions } = settings;
  return [
    ...referencesOfRule(settings).flatMap((reference): Problem[] => {
      const message = checkReference(reference, known);
      return message ? [{ path: reference.path, message }] : [];
    }),
    ...checkForm(formId, known),
    ...checkEventsToActOn(events, 'events', known),
    ...checkCondition(condition, 'condition', known),
    ...events.flatMap((event, index): Problem[] => {
      const message = refusalOf(event, formId);
      return message ? [{ path: `events.${index}`, message }] : [];
    }),
    ...actions.flatMap((action, index): Problem[] => {
      if (action.kind === 'change-field')
        return checkValue(action, known).map((message) => ({ path: `actions.${index}.value`, message }));
      if (action.kind === 'change-tags' && action.add.length + action.remove.length === 0)
        return [{ path: `actions.${index}`, message: 'No tag is named, so the action does nothing; name one.' }];
      return [];
    }),
    ...checkActions(actions, known),
  ];
}

/** Nobody else's records come by the form of a form's rule. */
function checkForm(formId: FormId | null, { forms, objectType }: Known): Problem[] {
  const form = formId === null ? undefined : forms.get(formId)?.settings;
  if (!form || form.objectTypeId === objectType.objectTypeId) return [];
  const message = `The form "${form.name}" is for another object type: give its rule objectTypeId ${form.objectTypeId}.`;
  return [{ path: 'objectTypeId', message }];
}

function refusalOf(event: RuleSettings['events'][number], formId: FormId | null): string | null {
  if (event.type === 'manual') return 'Rules have no "manual" event; records are added to maps by hand, not to rules.';
  if (formId === null) return null;
  const isOfForm = event.type === 'form.submitted' && (event.formId === undefined || event.formId === formId);
  return isOfForm ? null : 'A rule of a form listens only for form.submitted of this form.';
}

/** The settings as a form's rule keeps them: its events name the form. @throws never */
export const settleForm = (settings: RuleSettings, formId: FormId | null): RuleSettings =>
  formId === null
    ? settings
    : {
        ...settings,
        events: settings.events.map((event) => (event.type === 'form.submitted' ? { ...event, formId } : event)),
      };
