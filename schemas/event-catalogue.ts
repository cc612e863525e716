import type { FactType } from './event';
import type { Fits } from './fits';
import type { ListenedEvent } from './listened-event';

/** What the target of an event is: the thing that a listener may name, or leave open. */
export type EventTarget = 'tag' | 'field' | 'form' | 'product' | 'map' | 'message' | 'inbound' | 'date' | 'name' | null;

/**
 * One kind of event in all vocabularies. `ruleCode` is Ontraport's code in rule strings, `mapKeys` its keys in the JSON
 * of maps (the first is written, all are read), `subscription` the name in a subscription's event string.
 */
export interface EventRow {
  type: Exclude<ListenedEvent['type'], 'manual'>;
  title: string;
  target: EventTarget;
  ruleCode: string | null;
  mapKeys: readonly string[];
  subscription: string | null;
  /** Name of the target in a subscription's payload */
  targetKey: string | null;
  fits: Fits;
}

type Codes = Partial<Omit<EventRow, 'type' | 'title' | 'target'>>;
const row = (type: EventRow['type'], title: string, target: EventTarget, codes: Codes): EventRow => ({
  type,
  title,
  target,
  ruleCode: null,
  mapKeys: [],
  subscription: null,
  targetKey: null,
  fits: 'any',
  ...codes,
});

/**
 * The one table of events. Source: reference sections 2A (rule codes and map keys) and 3C (subscription names); names
 * without an Ontraport counterpart are our own. docs/events.md has a row for each, which a test compares.
 */
export const EVENT_ROWS: readonly EventRow[] = [
  row('record.created', 'Record is created', null, {
    ruleCode: 'Contact_added_to_my_database',
    mapKeys: ['object_create'],
    subscription: 'object_create',
    targetKey: 'object_type_id',
  }),
  row('record.deleted', 'Record is deleted', null, { subscription: 'object_delete', targetKey: 'object_type_id' }),
  row('record.merged', 'Record is merged into another', null, {
    subscription: 'object_merge',
    targetKey: 'object_type_id',
  }),
  row('field.updated', 'Field is updated', 'field', {
    ruleCode: 'field_is_updated',
    mapKeys: ['field_update'],
    subscription: 'field_update',
    targetKey: 'field',
  }),
  row('tag.added', 'Tag is added', 'tag', {
    ruleCode: 'Contact_added_to_category',
    mapKeys: ['sub_tag', 'tag_added', 'object_tag'],
    subscription: 'sub_tag',
    targetKey: 'tag_id',
  }),
  row('tag.removed', 'Tag is removed', 'tag', {
    ruleCode: 'Contact_removed_from_category',
    mapKeys: ['usub_tag'],
    subscription: 'unsub_tag',
    targetKey: 'tag_id',
  }),
  row('form.submitted', 'Form is submitted', 'form', {
    ruleCode: 'object_submits_form',
    mapKeys: ['object_submits_form', 'fillout_form'],
    subscription: 'object_submits_form',
    targetKey: 'form_id',
  }),
  row('product.purchased', 'Product is purchased', 'product', {
    ruleCode: 'Contact_purchases_product',
    mapKeys: ['purchase_product'],
    subscription: 'purchase_product',
    targetKey: 'product_id',
    fits: 'contacts',
  }),
  row('product.refunded', 'Product is refunded', 'product', {
    ruleCode: 'Contact_receives_refund_on_product',
    mapKeys: ['refunds_product'],
    subscription: 'refund_product',
    targetKey: 'product_id',
    fits: 'contacts',
  }),
  row('transaction.added', 'Transaction is added', 'product', {
    subscription: 'transaction_created_with_product',
    targetKey: 'product_id',
    fits: 'contacts',
  }),
  row('map.added', 'Added to a map', 'map', {
    ruleCode: 'campaign_builder_object_change',
    mapKeys: ['added_to_campaign'],
    subscription: 'map_added',
    targetKey: 'map_id',
  }),
  row('map.removed', 'Left a map', 'map', {
    ruleCode: 'campaign_builder_object_change',
    subscription: 'map_removed',
    targetKey: 'map_id',
  }),
  row('map.paused', 'Paused on a map', 'map', {
    ruleCode: 'pause_campaign',
    mapKeys: ['pause_campaign'],
    subscription: 'map_paused',
    targetKey: 'map_id',
  }),
  row('map.resumed', 'Resumed on a map', 'map', {
    ruleCode: 'unpause_campaign',
    mapKeys: ['unpause_campaign'],
    subscription: 'map_resumed',
    targetKey: 'map_id',
  }),
  row('goal.reached', 'Goal of a map is reached', 'map', { subscription: 'goal_reached', targetKey: 'map_id' }),
  row('task.completed', 'Task is completed', null, {
    ruleCode: 'object_completed_task',
    mapKeys: ['object_completed_task'],
    subscription: 'task_completed',
  }),
  row('task.cancelled', 'Task is cancelled', null, { mapKeys: ['task_canceled'], subscription: 'task_cancelled' }),
  row('task.overdue', 'Task is overdue', null, { mapKeys: ['task_overdue'], subscription: 'task_overdue' }),
  row('email.opened', 'E-mail is opened', 'message', {
    ruleCode: 'Contact_opens_email',
    mapKeys: ['opens_email'],
    subscription: 'opens_email',
    targetKey: 'message_id',
  }),
  row('email.clicked', 'Link in an e-mail is clicked', 'message', {
    ruleCode: 'Contact_clicks_emailanchor',
    mapKeys: ['clicks_email'],
    subscription: 'clicks_email',
    targetKey: 'message_id',
  }),
  row('sms.received', 'SMS is received', null, {
    ruleCode: 'sms_message_received',
    subscription: 'sms_received',
  }),
  row('inbound.received', 'Inbound webhook is received', 'inbound', {
    subscription: 'inbound_received',
    targetKey: 'inbound_id',
  }),
  row('date-field.reached', 'Today is, or is some days from, a date field', 'date', {
    ruleCode: 'on_date_field',
    mapKeys: ['date_is', 'anniversary'],
    subscription: 'date_field_reached',
    targetKey: 'field',
  }),
  row('date.reached', 'Today is a set date', 'date', {
    mapKeys: ['on_today'],
    subscription: 'date_reached',
    targetKey: 'date',
  }),
  row('custom', 'Custom event', 'name', { subscription: 'custom', targetKey: 'name' }),
];

/** The row of an event type; facts between our own parts have none. */
export const eventRowOf = (type: FactType | ListenedEvent['type']): EventRow | undefined =>
  EVENT_ROWS.find((one) => one.type === type);
