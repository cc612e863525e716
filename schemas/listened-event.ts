import { z } from 'zod';
import { customEventName, FORM_OUTCOMES } from './event';
import { fieldId, fieldValueSchema } from './field';
import { idSchema } from './ids';

const any = (what: string) => ({ description: `Only this ${what}; any when absent` });
const tagId = idSchema('tag').optional().meta(any('tag'));
const productId = idSchema('record').optional().meta(any('product (a record of object type 16)'));
const mapId = idSchema('map').optional().meta(any('map'));
const messageId = z.string().trim().min(1).max(100).optional().meta(any('message'));

/** Days between a date field and the day that is listened for: -3 is three days before it. */
export const offsetDays = z.number().int().min(-3650).max(3650).default(0);

/**
 * What is listened for, by triggers of maps, rules and subscriptions alike. `manual` is a map's built-in "Added to map".
 * A target that is absent means any. Source: docs/events.md, docs/events-reference.md.
 */
export const listenedEvent = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('record.created') }),
    z.object({ type: z.literal('record.deleted') }),
    z.object({ type: z.literal('record.merged') }),
    z.object({
      type: z.literal('field.updated'),
      fieldId: fieldId.optional().meta(any('field')),
      from: fieldValueSchema.optional().meta({ description: 'Only when this was its value; null: when it was empty' }),
      to: fieldValueSchema
        .optional()
        .meta({ description: 'Only when it becomes this value; null: when it is emptied' }),
    }),
    z.object({ type: z.literal('tag.added'), tagId }),
    z.object({ type: z.literal('tag.removed'), tagId }),
    z.object({
      type: z.literal('form.submitted'),
      formId: idSchema('form').optional().meta(any('form')),
      outcome: z.enum(FORM_OUTCOMES).optional().meta(any('outcome of the payment of an order form')),
    }),
    z.object({ type: z.literal('product.purchased'), productId }),
    z.object({ type: z.literal('product.refunded'), productId }),
    z.object({ type: z.literal('transaction.added'), productId }),
    z.object({ type: z.literal('map.added'), mapId }),
    z.object({ type: z.literal('map.removed'), mapId }),
    z.object({ type: z.literal('map.paused'), mapId }),
    z.object({ type: z.literal('map.resumed'), mapId }),
    z.object({ type: z.literal('goal.reached'), mapId }),
    z.object({ type: z.literal('task.completed') }),
    z.object({ type: z.literal('task.cancelled') }),
    z.object({ type: z.literal('task.overdue') }),
    z.object({ type: z.literal('email.opened'), messageId }),
    z.object({ type: z.literal('email.clicked'), messageId }),
    z.object({ type: z.literal('sms.received') }),
    z.object({ type: z.literal('inbound.received'), inboundId: idSchema('inbound').optional().meta(any('source')) }),
    z.object({ type: z.literal('date-field.reached'), fieldId, offsetDays, isYearly: z.boolean().default(false) }),
    z.object({ type: z.literal('date.reached'), date: z.iso.date() }),
    z.object({ type: z.literal('custom'), name: customEventName }),
    z.object({ type: z.literal('manual') }),
  ])
  .meta({ id: 'ListenedEvent' });
export type ListenedEvent = z.output<typeof listenedEvent>;
