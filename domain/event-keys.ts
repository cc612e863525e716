import type { Fact } from '../schemas/event';
import type { FieldValue } from '../schemas/field';
import type { AccountId } from '../schemas/ids';
import type { ListenedEvent } from '../schemas/listened-event';

/** Stands for "any" in a key. */
const ANY = '*';

/** What a fact is about, beside its record: the tags, fields, forms that a listener may name. @throws never */
export function targetsOf(fact: Fact): readonly string[] {
  switch (fact.type) {
    case 'tag.added':
    case 'tag.removed':
      return [fact.tagId];
    case 'field.updated':
      return [fact.fieldId];
    case 'form.submitted':
      return [fact.formId];
    case 'product.purchased':
    case 'product.refunded':
      return [fact.productId];
    case 'transaction.added':
      return fact.productIds;
    case 'map.added':
    case 'map.removed':
    case 'map.paused':
    case 'map.resumed':
    case 'goal.reached':
      return [fact.mapId];
    case 'email.opened':
    case 'email.clicked':
      return [fact.messageId];
    case 'inbound.received':
      return [fact.inboundId];
    case 'date-field.reached':
      return [dateTarget(fact)];
    case 'date.reached':
      return [fact.date];
    case 'custom':
      return [fact.name];
    default:
      return [];
  }
}

const dateTarget = (of: { fieldId: string; offsetDays: number; isYearly: boolean }): string =>
  `${of.fieldId}/${of.offsetDays}/${of.isYearly ? 'yearly' : 'once'}`;

function targetOf(listened: ListenedEvent): string | undefined {
  switch (listened.type) {
    case 'tag.added':
    case 'tag.removed':
      return listened.tagId;
    case 'field.updated':
      return listened.fieldId;
    case 'form.submitted':
      return listened.formId;
    case 'product.purchased':
    case 'product.refunded':
    case 'transaction.added':
      return listened.productId;
    case 'map.added':
    case 'map.removed':
    case 'map.paused':
    case 'map.resumed':
    case 'goal.reached':
      return listened.mapId;
    case 'email.opened':
    case 'email.clicked':
      return listened.messageId;
    case 'inbound.received':
      return listened.inboundId;
    case 'date-field.reached':
      return dateTarget(listened);
    case 'date.reached':
      return listened.date;
    case 'custom':
      return listened.name;
    default:
      return undefined;
  }
}

/** Whether a fact is the one listened for. `manual` is never matched: people and clients name the map themselves. @throws never */
export function matchFact(listened: ListenedEvent, fact: Fact): boolean {
  if (listened.type !== fact.type) return false;
  const target = targetOf(listened);
  if (target !== undefined && !targetsOf(fact).includes(target)) return false;
  if (listened.type === 'field.updated' && fact.type === 'field.updated')
    return isValue(listened.from, fact.before) && isValue(listened.to, fact.after);
  if (listened.type === 'form.submitted' && fact.type === 'form.submitted')
    return listened.outcome === undefined || listened.outcome === fact.outcome;
  return true;
}

const isValue = (wanted: FieldValue | undefined, value: FieldValue): boolean =>
  wanted === undefined || JSON.stringify(wanted) === JSON.stringify(value);

/** The key under which a listener is kept. @param objectTypeId null listens to records of any type @throws never */
export const keyOfListened = (accountId: AccountId, objectTypeId: number | null, listened: ListenedEvent): string =>
  `${accountId} ${objectTypeId ?? ANY} ${listened.type} ${targetOf(listened) ?? ANY}`;

/** The keys under which the listeners for a fact are found, whatever else the account has. @throws never */
export function keysOfFact(accountId: AccountId, objectTypeId: number, fact: Fact): string[] {
  const targets = [...new Set([...targetsOf(fact), ANY])];
  return [objectTypeId, ANY].flatMap((of) => targets.map((target) => `${accountId} ${of} ${fact.type} ${target}`));
}
