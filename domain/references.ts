import type { Condition } from '../schemas/condition';
import type { FormId, InboundId, MapId, MessageId, RecordId, TagId, WebhookId } from '../schemas/ids';
import type { ListenedEvent } from '../schemas/listened-event';
import type { MessageKind } from '../schemas/message';

/** Something of the account that a map or a rule names. `path` is inside of what names it: `settings.webhookId`. */
export type Reference =
  | { kind: 'tag'; tagId: TagId; path: string }
  | { kind: 'field'; fieldId: string; path: string }
  | { kind: 'webhook'; webhookId: WebhookId; path: string }
  /** `isEntered` where records are to enter it, so that it must be published */
  | { kind: 'map'; mapId: MapId; path: string; isEntered?: true }
  | { kind: 'product'; productId: RecordId; path: string }
  | { kind: 'form'; formId: FormId; path: string }
  | { kind: 'message'; messageId: MessageId; messageKind: MessageKind; path: string }
  | { kind: 'inbound'; inboundId: InboundId; path: string };

/** What events that are listened for name. @param path of the list @throws never */
export const referencesInEvents = (events: readonly ListenedEvent[], path: string): Reference[] =>
  events.flatMap((event, index) => inEvent(event, `${path}.${index}`));

function inEvent(event: ListenedEvent, path: string): Reference[] {
  if ('tagId' in event && event.tagId) return [{ kind: 'tag', tagId: event.tagId, path: `${path}.tagId` }];
  if ('fieldId' in event && event.fieldId) return [{ kind: 'field', fieldId: event.fieldId, path: `${path}.fieldId` }];
  if ('mapId' in event && event.mapId) return [{ kind: 'map', mapId: event.mapId, path: `${path}.mapId` }];
  if ('productId' in event && event.productId)
    return [{ kind: 'product', productId: event.productId, path: `${path}.productId` }];
  if ('formId' in event && event.formId) return [{ kind: 'form', formId: event.formId, path: `${path}.formId` }];
  if ('inboundId' in event && event.inboundId)
    return [{ kind: 'inbound', inboundId: event.inboundId, path: `${path}.inboundId` }];
  return [];
}

/** What a condition names. @throws never */
export function referencesInCondition(condition: Condition | undefined, path: string): Reference[] {
  switch (condition?.kind) {
    case undefined:
      return [];
    case 'all':
    case 'any':
      return condition.of.flatMap((part, index) => referencesInCondition(part, `${path}.of.${index}`));
    case 'not':
      return referencesInCondition(condition.of, `${path}.of`);
    case 'field':
      return [{ kind: 'field', fieldId: condition.fieldId, path: `${path}.fieldId` }];
    case 'tag':
      return [{ kind: 'tag', tagId: condition.tagId, path: `${path}.tagId` }];
    case 'email':
    case 'variable':
      return [];
    case 'map':
    case 'joined-map':
    case 'on-map-for':
      return [{ kind: 'map', mapId: condition.mapId, path: `${path}.mapId` }];
    case 'purchases':
      return condition.productId
        ? [{ kind: 'product', productId: condition.productId, path: `${path}.productId` }]
        : [];
  }
}

/** What a change of tags names. @throws never */
export const referencesInTags = (change: { add: readonly TagId[]; remove: readonly TagId[] }, path: string) =>
  (['add', 'remove'] as const).flatMap((list) =>
    change[list].map((tagId, index): Reference => ({ kind: 'tag', tagId, path: `${path}.${list}.${index}` })),
  );

/** Ids of what is named, each once, by kind. */
export interface Referred {
  tagIds: TagId[];
  webhookIds: WebhookId[];
  mapIds: MapId[];
  productIds: RecordId[];
  formIds: FormId[];
  inboundIds: InboundId[];
  messageIds: MessageId[];
}

/** Sorts references by kind, in the order in which they are written. @throws never */
export function sortReferences(all: readonly Reference[]): Referred {
  return {
    tagIds: [...new Set(all.flatMap((found) => (found.kind === 'tag' ? [found.tagId] : [])))],
    webhookIds: [...new Set(all.flatMap((found) => (found.kind === 'webhook' ? [found.webhookId] : [])))],
    mapIds: [...new Set(all.flatMap((found) => (found.kind === 'map' ? [found.mapId] : [])))],
    productIds: [...new Set(all.flatMap((found) => (found.kind === 'product' ? [found.productId] : [])))],
    formIds: [...new Set(all.flatMap((found) => (found.kind === 'form' ? [found.formId] : [])))],
    inboundIds: [...new Set(all.flatMap((found) => (found.kind === 'inbound' ? [found.inboundId] : [])))],
    messageIds: [...new Set(all.flatMap((found) => (found.kind === 'message' ? [found.messageId] : [])))],
  };
}
