import type { Field, FieldValue } from '../schemas/field';
import type { Known, Say } from './check-map';
import { missingSecrets } from './keep-secrets';
import type { Placed } from './map-graph';
import { type Reference, referencesOf } from './map-references';
import { parseFieldValues } from './parse-field-values';

/**
 * What is wrong inside one element: what it names must exist and fit, values must fit their fields.
 *
 * @param say is told each problem
 * @throws never
 */
export function checkElement(at: Placed, known: Known, say: Say): void {
  const { element } = at;
  for (const reference of referencesOf(element)) {
    const message = checkReference(reference, known);
    if (message) say(at, reference.path, message);
  }
  switch (element.kind) {
    case 'trigger':
      for (const [index, event] of element.settings.events.entries())
        if (event.type === 'field.updated' && event.fieldId !== undefined && event.to !== undefined)
          checkValue(at, `settings.events.${index}.to`, { fieldId: event.fieldId, value: event.to }, known, say);
      return;
    case 'change-field':
      checkValue(at, 'settings.value', element.settings, known, say);
      return;
    case 'change-tags':
      checkTagChange(at, element.settings, say);
      return;
    case 'wait':
      if (element.settings.seconds === 0)
        say(at, 'settings.seconds', 'The wait is 0 seconds long, so it does nothing.', true);
      return;
    case 'placeholder':
      say(
        at,
        '',
        `"${element.title || element.id}" was imported and is not understood (${element.settings.reason}); replace it.`,
      );
      return;
    case 'condition':
    case 'webhook':
    case 'end':
  }
}

function checkReference(reference: Reference, { objectType, tagIds, webhooks }: Known): string | null {
  switch (reference.kind) {
    case 'tag':
      return tagIds.has(reference.tagId) ? null : 'This tag does not exist (any more); choose another.';
    case 'field':
      return fieldOf(reference.fieldId, objectType.fields)
        ? null
        : `${objectType.plural} have no field "${reference.fieldId}"; choose another.`;
    case 'webhook': {
      const webhook = webhooks.get(reference.webhookId);
      if (!webhook) return 'This webhook does not exist (any more); choose another.';
      const [missing] = missingSecrets(webhook.settings.headers);
      if (missing !== undefined)
        return `The webhook "${webhook.settings.name}" lacks the value of its secret header ${missing}; edit the webhook to give it.`;
      return webhook.settings.objectTypeId === objectType.objectTypeId
        ? null
        : `The webhook "${webhook.settings.name}" is for another object type; choose one for ${objectType.plural}.`;
    }
  }
}

function checkValue(
  at: Placed,
  path: string,
  given: { fieldId: string; value: FieldValue },
  { objectType }: Known,
  say: Say,
): void {
  const field = fieldOf(given.fieldId, objectType.fields);
  if (!field) return;
  for (const { message } of parseFieldValues({ [given.fieldId]: given.value }, [field]).problems)
    say(at, path, `The value for ${field.label} ${message}.`);
}

function checkTagChange(at: Placed, { add, remove }: { add: string[]; remove: string[] }, say: Say): void {
  if (add.length + remove.length === 0) say(at, 'settings', 'No tag is named, so the element does nothing.', true);
  if (add.some((tagId) => remove.includes(tagId)))
    say(at, 'settings', 'A tag is both added and removed; it will be removed.', true);
}

const fieldOf = (fieldId: string, fields: readonly Field[]): Field | undefined =>
  fields.find(({ id }) => id === fieldId);
