import type { StoredMap } from '../schemas/automation-map';
import type { Field, FieldValue } from '../schemas/field';
import type { FormId, InboundId, MapId, MessageId, RecordId, TagId, WebhookId } from '../schemas/ids';
import type { StoredMessage } from '../schemas/message';
import type { ObjectType } from '../schemas/object-type';
import type { StoredWebhook } from '../schemas/webhook';
import { missingSecrets } from './keep-secrets';
import { parseFieldValues } from './parse-field-values';
import type { Reference } from './references';

/** A form, or a source of inbound webhooks: what happens there happens to records of one object type. */
export interface Making {
  settings: { name: string; objectTypeId: number };
}

/** What the account has of what a map or a rule names. */
export interface Known {
  objectType: ObjectType;
  tagIds: ReadonlySet<TagId>;
  webhooks: ReadonlyMap<WebhookId, StoredWebhook>;
  maps: ReadonlyMap<MapId, Pick<StoredMap, 'name' | 'objectTypeId' | 'publishedNumber'>>;
  productIds: ReadonlySet<RecordId>;
  forms: ReadonlyMap<FormId, Making>;
  inbounds: ReadonlyMap<InboundId, Making>;
  messages: ReadonlyMap<MessageId, Pick<StoredMessage, 'settings'>>;
  /** All of the account by number */
  objectTypes: ReadonlyMap<number, ObjectType>;
}

/** What keeps something from being named: it must exist and fit. @returns a sentence, or null @throws never */
export function checkReference(reference: Reference, known: Known): string | null {
  const { objectType, tagIds, webhooks, maps, productIds } = known;
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
    case 'map': {
      const map = maps.get(reference.mapId);
      if (!map) return 'This map does not exist (any more); choose another.';
      if (map.objectTypeId !== objectType.objectTypeId)
        return `The map "${map.name}" is for another object type; choose one for ${objectType.plural}.`;
      return reference.isEntered && map.publishedNumber === null
        ? `The map "${map.name}" is not published, so no record can enter it; publish it first.`
        : null;
    }
    case 'product':
      return productIds.has(reference.productId) ? null : 'This product does not exist (any more); choose another.';
    case 'form':
      return checkMaking(known.forms.get(reference.formId), 'form', objectType);
    case 'message': {
      const settings = known.messages.get(reference.messageId)?.settings;
      if (!settings) return 'This message does not exist (any more); choose another.';
      if (settings.kind !== reference.messageKind)
        return `The message "${settings.name}" is ${KIND_NAMES[settings.kind]}; choose ${KIND_NAMES[reference.messageKind]}.`;
      return settings.objectTypeId === objectType.objectTypeId
        ? null
        : `The message "${settings.name}" is for another object type; choose one for ${objectType.plural}.`;
    }
    case 'inbound':
      return checkMaking(known.inbounds.get(reference.inboundId), 'source of inbound webhooks', objectType);
  }
}

function checkMaking(making: Making | undefined, what: string, { objectTypeId, plural }: ObjectType): string | null {
  if (!making) return `This ${what} does not exist (any more); choose another.`;
  const { settings } = making;
  return settings.objectTypeId === objectTypeId
    ? null
    : `The ${what} "${settings.name}" is for another object type; choose one for ${plural}.`;
}

/** What keeps a field from taking a value. An unknown field has no problems here: `checkReference` tells of it. @throws never */
export function checkValue(
  { fieldId, value }: { fieldId: string; value: FieldValue },
  { objectType }: Pick<Known, 'objectType'>,
): string[] {
  const field = fieldOf(fieldId, objectType.fields);
  if (!field) return [];
  return parseFieldValues({ [fieldId]: value }, [field]).problems.map(
    ({ message }) => `The value for ${field.label} ${message}.`,
  );
}

const KIND_NAMES = { email: 'an e-mail', sms: 'an SMS' } as const;

const fieldOf = (fieldId: string, fields: readonly Field[]): Field | undefined =>
  fields.find(({ id }) => id === fieldId);
