import type { Fact } from '../schemas/event';
import { eventRowOf } from '../schemas/event-catalogue';
import type { Field } from '../schemas/field';
import type { StoredRecord } from '../schemas/record';
import type { SubscriptionSettings } from '../schemas/subscription';
import { valueIn } from './derive-facts';
import { joinList, secondsOf, showValue } from './ontraport-value';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A record as the data of a payload is made from it. */
export interface PayloadRecord {
  record: StoredRecord;
  /** Fields of its object type, in order */
  fields: readonly Field[];
  /** Decimal ids of its tags */
  tagNumbers: readonly number[];
  /** Decimal id of the record that a relation leads to; "" for one that is gone */
  numberOf: (id: string) => string;
}

/** What a payload tells of. */
export interface Told {
  fact: Fact;
  /** Decimal id of the fact's target, or its text; unset where it has none */
  target: string | undefined;
  /** Object type of the event's record */
  objectTypeId: number;
  at: Date;
  /** What `data` is made from; null when the record is gone */
  about: PayloadRecord | null;
  /** `data.id` when the record is gone */
  goneId: string;
}

const CONTACT_TYPE = 0;
const LIGHT_CONTACT: readonly string[] = ['firstname', 'lastname', 'email'];
/** Fields that name a record of another type; without any of them its first field does. */
const NAMING: readonly string[] = ['name', 'firstname', 'lastname', 'email', 'subject'];

/**
 * The body that tells a subscriber of an event. Ids are decimal numbers as text, and all values of `data` are text, as
 * the API under /1 shows them.
 *
 * @param subscription.number its decimal id
 * @throws never
 * @source reference section 3D; docs/subscriptions.md#payloads
 */
export function renderPayload(
  subscription: { number: number; settings: Pick<SubscriptionSettings, 'format' | 'encoding'> },
  told: Told,
): string {
  const { format, encoding } = subscription.settings;
  const payload: { [key: string]: Json } = {
    webhook_id: String(subscription.number),
    object_type_id: String(told.about?.record.objectTypeId ?? told.objectTypeId),
    event: { ...eventOf(told), ...(format === 'notify' ? {} : detailsOf(told.fact)) },
    data: told.about ? dataOf(told.about, format) : { id: told.goneId },
    timestamp: Math.floor(told.at.getTime() / 1000),
  };
  return encoding === 'form'
    ? pairsOf('', payload).join('&')
    : JSON.stringify(payload, (_, value: unknown) => (typeof value === 'string' ? wellFormed(value) : value));
}

function eventOf({ fact, target, objectTypeId }: Told): { [key: string]: Json } {
  const row = eventRowOf(fact.type);
  const key = row?.targetKey ?? null;
  const named = key === 'object_type_id' ? String(objectTypeId) : (target ?? '');
  return { type: row?.subscription ?? fact.type, ...(key === null ? {} : { [key]: named }) };
}

/** What else there is to say of events that Ontraport's subscriptions don't have. */
function detailsOf(fact: Fact): { [key: string]: Json } {
  switch (fact.type) {
    case 'field.updated':
      return { before: fact.before, after: fact.after };
    case 'email.clicked':
      return { link: fact.link };
    case 'sms.received':
      return { text: fact.text };
    case 'date-field.reached':
      return { offset_days: fact.offsetDays, date: fact.date };
    case 'inbound.received':
    case 'custom':
      return { data: fact.data };
    default:
      return {};
  }
}

function dataOf(about: PayloadRecord, format: SubscriptionSettings['format']): { [key: string]: Json } {
  const { record, fields, tagNumbers } = about;
  const id = String(record.number);
  const show = (shown: readonly Field[]): { [key: string]: Json } =>
    Object.fromEntries(
      shown.map((field) => [field.id, showValue(valueIn(record, field.id), field, (of) => about.numberOf(of))]),
    );
  switch (format) {
    case 'notify':
      return { id };
    case 'lightweight':
      return { id, ...show(lightFields(record.objectTypeId, fields)) };
    case 'default':
      return {
        id,
        unique_id: record._id,
        ...show(fields),
        contact_cat: joinList(tagNumbers.map(String)),
        date: secondsOf(record.createdAt),
        dlm: secondsOf(record.updatedAt),
      };
  }
}

function lightFields(objectTypeId: number, fields: readonly Field[]): readonly Field[] {
  const wanted = objectTypeId === CONTACT_TYPE ? LIGHT_CONTACT : NAMING;
  const found = wanted.flatMap((id) => fields.find((field) => field.id === id) ?? []);
  return found.length > 0 ? found : fields.slice(0, 1);
}

/** `event[type]=sub_tag`: brackets as they are, everything else encoded. Nothing in a list or object: one empty value. */
function pairsOf(path: string, value: Json): string[] {
  if (typeof value !== 'object' || value === null) return [`${path}=${encode(textOf(value))}`];
  const parts = Object.entries(value);
  if (parts.length === 0) return [`${path}=`];
  return parts.flatMap(([key, part]) => pairsOf(path === '' ? encode(key) : `${path}[${encode(key)}]`, part));
}

const textOf = (value: string | number | boolean | null): string =>
  typeof value === 'boolean' ? (value ? '1' : '0') : String(value ?? '');
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD');
const encode = (text: string): string => encodeURIComponent(wellFormed(text)).replaceAll('%20', '+');
