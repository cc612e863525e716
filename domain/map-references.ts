import type { MapDrawing } from '../schemas/automation-map';
import type { Condition } from '../schemas/condition';
import type { Element } from '../schemas/element';
import type { TagId, WebhookId } from '../schemas/ids';

/** Something of the account that an element names. `path` is inside the element: `settings.webhookId`. */
export type Reference =
  | { kind: 'tag'; tagId: TagId; path: string }
  | { kind: 'field'; fieldId: string; path: string }
  | { kind: 'webhook'; webhookId: WebhookId; path: string };

/** Everything that one element names, in the order in which it is written. @throws never */
export function referencesOf(element: Element): Reference[] {
  switch (element.kind) {
    case 'trigger':
      return [
        ...element.settings.events.flatMap((event, index): Reference[] => {
          const path = `settings.events.${index}`;
          if ('tagId' in event && event.tagId) return [{ kind: 'tag', tagId: event.tagId, path: `${path}.tagId` }];
          if ('fieldId' in event && event.fieldId)
            return [{ kind: 'field', fieldId: event.fieldId, path: `${path}.fieldId` }];
          return [];
        }),
        ...(element.settings.condition ? inCondition(element.settings.condition, 'settings.condition') : []),
      ];
    case 'condition':
      return inCondition(element.settings.condition, 'settings.condition');
    case 'change-tags': {
      const named = (list: 'add' | 'remove') =>
        element.settings[list].map(
          (tagId, index): Reference => ({ kind: 'tag', tagId, path: `settings.${list}.${index}` }),
        );
      return [...named('add'), ...named('remove')];
    }
    case 'change-field':
      return [{ kind: 'field', fieldId: element.settings.fieldId, path: 'settings.fieldId' }];
    case 'webhook':
      return [{ kind: 'webhook', webhookId: element.settings.webhookId, path: 'settings.webhookId' }];
    case 'wait':
    case 'end':
    case 'placeholder':
      return [];
  }
}

function inCondition(condition: Condition, path: string): Reference[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap((part, index) => inCondition(part, `${path}.of.${index}`));
    case 'not':
      return inCondition(condition.of, `${path}.of`);
    case 'field':
      return [{ kind: 'field', fieldId: condition.fieldId, path: `${path}.fieldId` }];
    case 'tag':
      return [{ kind: 'tag', tagId: condition.tagId, path: `${path}.tagId` }];
  }
}

/** Tags and webhooks that a drawing names, each once, in the order of the elements. @throws never */
export function findReferences(drawing: MapDrawing): { tagIds: TagId[]; webhookIds: WebhookId[] } {
  const all = drawing.elements.flatMap(referencesOf);
  return {
    tagIds: [...new Set(all.flatMap((found) => (found.kind === 'tag' ? [found.tagId] : [])))],
    webhookIds: [...new Set(all.flatMap((found) => (found.kind === 'webhook' ? [found.webhookId] : [])))],
  };
}
