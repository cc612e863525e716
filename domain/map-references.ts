import type { MapDrawing } from '../schemas/automation-map';
import type { Element } from '../schemas/element';
import {
  type Reference,
  type Referred,
  referencesInCondition,
  referencesInEvents,
  referencesInTags,
  sortReferences,
} from './references';

/** Everything that one element names, in the order in which it is written; paths are inside the element. @throws never */
export function referencesOf(element: Element): Reference[] {
  switch (element.kind) {
    case 'trigger':
    case 'goal':
      return [
        ...referencesInEvents(element.settings.events, 'settings.events'),
        ...referencesInCondition(element.settings.condition, 'settings.condition'),
      ];
    case 'condition':
      return referencesInCondition(element.settings.condition, 'settings.condition');
    case 'change-tags':
      return referencesInTags(element.settings, 'settings');
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

/** What a drawing names, each once, in the order of the elements. @throws never */
export const findReferences = (drawing: MapDrawing): Referred => sortReferences(drawing.elements.flatMap(referencesOf));
