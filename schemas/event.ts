import { z } from 'zod';
import { fieldValueSchema } from './field';
import { type AccountId, type EventId, idSchema, type MapId, type RecordId, type RuleId } from './ids';
import { pageQuery } from './page';

/** Name of an event that clients make up: "order.shipped". */
export const customEventName = z
  .string()
  .regex(/^[a-z][a-z0-9]*([._-][a-z0-9]+)*$/, 'must be lower-case words joined by . _ or -')
  .max(100);

/** How the payment of an order form ended; a form without payment is always a success. */
export const FORM_OUTCOMES = ['success', 'failure'] as const;
export type FormOutcome = (typeof FORM_OUTCOMES)[number];

const productId = idSchema('record').meta({ description: 'The product: a record of object type 16' });
const messageId = z.string().trim().min(1).max(100);
const data = z.record(z.string(), z.json()).default({});

/** What happened, as facts in the past about one record. */
export const factSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('record.created') }),
  z.object({
    type: z.literal('record.deleted'),
    number: z.number().int().optional().meta({ description: 'Its decimal id; unset in events of 0.1.0' }),
  }),
  z.object({
    type: z.literal('field.updated'),
    fieldId: z.string(),
    before: fieldValueSchema,
    after: fieldValueSchema,
  }),
  z.object({ type: z.literal('tag.added'), tagId: idSchema('tag') }),
  z.object({ type: z.literal('tag.removed'), tagId: idSchema('tag') }),
  z.object({ type: z.literal('record.merged'), mergedId: idSchema('record') }),
  z.object({ type: z.literal('form.submitted'), formId: idSchema('form'), outcome: z.enum(FORM_OUTCOMES), data }),
  z.object({ type: z.literal('product.purchased'), productId, purchaseId: idSchema('record') }),
  z.object({ type: z.literal('product.refunded'), productId, purchaseId: idSchema('record') }),
  z.object({
    type: z.literal('transaction.added'),
    transactionId: idSchema('record'),
    productIds: z.array(idSchema('record')),
  }),
  z.object({ type: z.literal('map.added'), mapId: idSchema('map'), entryId: idSchema('entry') }),
  z.object({ type: z.literal('map.removed'), mapId: idSchema('map'), entryId: idSchema('entry') }),
  z.object({ type: z.literal('map.paused'), mapId: idSchema('map'), entryId: idSchema('entry') }),
  z.object({ type: z.literal('map.resumed'), mapId: idSchema('map'), entryId: idSchema('entry') }),
  z.object({
    type: z.literal('goal.reached'),
    mapId: idSchema('map'),
    elementId: z.string().meta({ description: 'The goal, by its id on the map' }),
    entryId: idSchema('entry'),
  }),
  z.object({ type: z.literal('task.completed'), taskId: idSchema('record') }),
  z.object({ type: z.literal('task.cancelled'), taskId: idSchema('record') }),
  z.object({ type: z.literal('task.overdue'), taskId: idSchema('record') }),
  z.object({ type: z.literal('email.opened'), messageId }),
  z.object({ type: z.literal('email.clicked'), messageId, link: z.string().max(2048).default('') }),
  z.object({ type: z.literal('sms.received'), text: z.string().max(2000).default('') }),
  z.object({ type: z.literal('inbound.received'), inboundId: idSchema('inbound'), data }),
  z.object({
    type: z.literal('date-field.reached'),
    fieldId: z.string(),
    offsetDays: z.number().int(),
    isYearly: z.boolean(),
    date: z.iso.date(),
  }),
  z.object({ type: z.literal('date.reached'), date: z.iso.date() }),
  z.object({ type: z.literal('custom'), name: customEventName, data }),
  z.object({ type: z.literal('exit.requested'), mapId: idSchema('map') }),
  z.object({ type: z.literal('entry.requested'), entryId: idSchema('entry') }),
  z.object({ type: z.literal('delivery.requested'), deliveryId: idSchema('delivery') }),
  z.object({ type: z.literal('message.requested'), outgoingId: idSchema('outgoingMessage') }),
]);
export type Fact = z.output<typeof factSchema>;
export type FactType = Fact['type'];

/** `pending`: not handled yet; `settled`: handled; `parked`: set aside after failing, for a person to retry. */
export const EVENT_STATUSES = ['pending', 'settled', 'parked'] as const;
export type EventStatus = (typeof EVENT_STATUSES)[number];

/** The automation that made an event: a map or a rule, with the name it had then. */
export const eventCauseSchema = z
  .union([
    z.object({ kind: z.literal('map'), id: idSchema('map'), name: z.string() }),
    z.object({ kind: z.literal('rule'), id: idSchema('rule'), name: z.string() }),
  ])
  .meta({ id: 'EventCause' });
export type EventCause = { kind: 'map'; id: MapId; name: string } | { kind: 'rule'; id: RuleId; name: string };

/** A stored event. Events of one record are handled in the order of `seq`. */
export interface StoredEvent {
  _id: EventId;
  accountId: AccountId;
  objectTypeId: number;
  recordId: RecordId;
  /** Order among the events of the record, from 1 */
  seq: number;
  /** 0..15: the share of the pumps that handles it; from the record's id */
  partition: number;
  fact: Fact;
  /** Automations that led here, one after the other; parked beyond the limit */
  hops: number;
  /** The last of them; unset where none led here, and in events of 0.1.0 */
  cause?: EventCause;
  at: Date;
  status: EventStatus;
  tries: number;
  retryAt: Date | null;
  error: string | null;
  settledAt: Date | null;
}

const recordId = idSchema('record');
/** What clients may tell. Without a `type` it is an event of their own. */
export const newEvent = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('custom').optional().meta({ description: 'May be left out' }),
      recordId,
      name: customEventName.meta({ description: 'Your name for what happened, for example "order.shipped"' }),
      data: z
        .record(z.string().max(100), z.json())
        .default({})
        .meta({ description: 'Facts that belong to it, at most 16 KiB as JSON' }),
    }),
    z.object({
      type: z.literal('email.opened'),
      recordId,
      messageId: messageId.meta({ description: 'Your id of the message; triggers may name it' }),
    }),
    z.object({
      type: z.literal('email.clicked'),
      recordId,
      messageId: messageId.meta({ description: 'Your id of the message; triggers may name it' }),
      link: z.string().max(2048).default('').meta({ description: 'The address that was clicked' }),
    }),
    z.object({
      type: z.literal('sms.received'),
      recordId,
      text: z.string().max(2000).default('').meta({ description: 'What it says' }),
    }),
  ])
  .meta({ id: 'NewEvent' });

export const eventSchema = z
  .object({
    id: idSchema('event'),
    recordId: idSchema('record'),
    objectTypeId: z.number().int(),
    fact: factSchema,
    hops: z.number().int().meta({ description: 'Automations that led here, one after the other' }),
    cause: eventCauseSchema
      .nullable()
      .meta({ description: 'The map or rule that made it; null for the API and people' }),
    at: z.iso.datetime(),
    status: z.enum(EVENT_STATUSES),
    tries: z.number().int(),
    error: z.string().nullable(),
  })
  .meta({ id: 'Event' });

export const eventListQuery = pageQuery.extend({
  recordId: idSchema('record').optional(),
  status: z.enum(EVENT_STATUSES).optional(),
});
