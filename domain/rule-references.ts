import type { Action } from '../schemas/action';
import type { RuleSettings } from '../schemas/rule';
import { type Reference, referencesInCondition, referencesInEvents, referencesInTags } from './references';

/** Everything that a rule names, in the order in which it is written; paths are inside its settings. @throws never */
export const referencesOfRule = ({ events, condition, actions }: RuleSettings): Reference[] => [
  ...referencesInEvents(events, 'events'),
  ...referencesInCondition(condition, 'condition'),
  ...actions.flatMap((action, index) => inAction(action, `actions.${index}`)),
];

function inAction(action: Action, path: string): Reference[] {
  switch (action.kind) {
    case 'send-webhook':
      return [{ kind: 'webhook', webhookId: action.webhookId, path: `${path}.webhookId` }];
    case 'change-tags':
      return referencesInTags(action, path);
    case 'change-field':
      return [{ kind: 'field', fieldId: action.fieldId, path: `${path}.fieldId` }];
    case 'add-to-map':
      return [{ kind: 'map', mapId: action.mapId, path: `${path}.mapId`, isEntered: true }];
    case 'remove-from-map':
    case 'pause-on-map':
    case 'resume-on-map':
      return [{ kind: 'map', mapId: action.mapId, path: `${path}.mapId` }];
    case 'assign-task':
    case 'create-record':
    case 'add-note':
      return [];
    case 'send-email':
    case 'notify':
      return [{ kind: 'message', messageId: action.messageId, messageKind: 'email', path: `${path}.messageId` }];
    case 'send-sms':
      return [{ kind: 'message', messageId: action.messageId, messageKind: 'sms', path: `${path}.messageId` }];
  }
}
