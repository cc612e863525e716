import type { EventRow } from './event-catalogue';
import type { ListenedEvent } from './listened-event';
import { type Param, type Spelling, type Spellings, spelled } from './spelling';

type Says = Partial<Extract<ListenedEvent, { type: 'date-field.reached' }>>;
type Anything = Record<string, unknown>;

const tag: Param = { key: 'tagId', holds: 'tag' };
const product: Param = { key: 'productId', holds: 'product' };
const form: Param = { key: 'formId', holds: 'form' };
const map: Param = { key: 'mapId', holds: 'map' };
const field: Param = { key: 'fieldId', holds: 'field' };
const message: Param = { key: 'messageId', holds: 'text' };
const open: Param = { open: '0' };

const of = (code: string, ...params: Param[]): Spelling<Anything> => spelled(code, {}, ...params);
const dated = (code: string, says: Says): Spelling<Anything> => spelled<Anything>(code, says, field);

/**
 * How rules and maps of Ontraport write each event. The codes are those of `EVENT_ROWS`, which a test compares.
 * `relative_date_field` has four parameters that make one number, see domain/ontraport/relative-date.ts.
 * Source: reference section 2A.
 */
export const EVENT_SPELLINGS: Readonly<Partial<Record<EventRow['type'], Spellings<Anything>>>> = {
  'record.created': { rule: [of('Contact_added_to_my_database')], map: [of('object_create')] },
  'field.updated': { rule: [of('field_is_updated', field)], map: [of('field_update', field)] },
  'tag.added': {
    rule: [of('Contact_added_to_category', tag)],
    map: [of('sub_tag', tag), of('tag_added', tag), of('object_tag', tag)],
  },
  'tag.removed': { rule: [of('Contact_removed_from_category', tag)], map: [of('usub_tag', tag)] },
  'form.submitted': {
    rule: [of('object_submits_form', form, { key: 'outcome', holds: 'outcome' })],
    map: [of('object_submits_form', form), of('fillout_form', form)],
  },
  'product.purchased': { rule: [of('Contact_purchases_product', product)], map: [of('purchase_product', product)] },
  'product.refunded': {
    rule: [of('Contact_receives_refund_on_product', product)],
    map: [of('refunds_product', product)],
  },
  'map.added': {
    rule: [of('campaign_builder_object_change', { only: '0' }, map)],
    map: [of('added_to_campaign', map)],
  },
  'map.removed': { rule: [of('campaign_builder_object_change', { only: '1' }, map)], map: [] },
  'map.paused': { rule: [of('pause_campaign', map)], map: [of('pause_campaign', map)] },
  'map.resumed': { rule: [of('unpause_campaign', map)], map: [of('unpause_campaign', map)] },
  'task.completed': { rule: [of('object_completed_task', open)], map: [of('object_completed_task', open)] },
  'task.cancelled': { rule: [], map: [of('task_canceled', open)] },
  'task.overdue': { rule: [], map: [of('task_overdue', open)] },
  'email.opened': { rule: [of('Contact_opens_email', message)], map: [of('opens_email', message)] },
  'email.clicked': {
    rule: [of('Contact_clicks_emailanchor', message, open)],
    map: [of('clicks_email', message, open)],
  },
  'sms.received': { rule: [of('sms_message_received', open)], map: [] },
  'date-field.reached': {
    rule: [dated('on_date_field', { offsetDays: 0, isYearly: false })],
    map: [
      dated('date_is', { offsetDays: 0, isYearly: false }),
      dated('anniversary', { offsetDays: 0, isYearly: true }),
    ],
  },
  'date.reached': { rule: [], map: [of('on_today', { key: 'date', holds: 'day' })] },
};
