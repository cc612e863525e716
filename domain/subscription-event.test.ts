import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EVENT_ROWS } from '../schemas/event-catalogue';
import type { ListenedEvent } from '../schemas/listened-event';
import { listenTo, numberedTargetOf, parseEventString, printEventString, targetIdOf } from './subscription-event';

const IDS = {
  tag: 'tag_01jd0000000000000000000004',
  form: 'frm_01jd0000000000000000000017',
  product: 'rec_01jd0000000000000000000009',
  map: 'map_01jd0000000000000000000140',
  inbound: 'inb_01jd0000000000000000000001',
} as const;

/** What the string listens for, with the ids above for whatever number it names. */
function read(text: string) {
  const string = parseEventString(text);
  if (string.problem !== null) return string.problem;
  const target = numberedTargetOf(string.parsed);
  const listened = listenTo(string.parsed, target && IDS[target.kind]);
  return listened.problem ?? { event: listened.event, objectTypeId: listened.objectTypeId };
}

test.each<[string, ListenedEvent, (number | null)?]>([
  ['object_create(0)', { type: 'record.created' }, 0],
  ['object_create(10000)', { type: 'record.created' }, 10_000],
  ['object_create()', { type: 'record.created' }, null],
  ['object_delete(0)', { type: 'record.deleted' }, 0],
  ['object_merge(150)', { type: 'record.merged' }, 150],
  ['object_submits_form(17)', { type: 'form.submitted', formId: IDS.form }],
  ['object_submits_form(17,1)', { type: 'form.submitted', formId: IDS.form, outcome: 'failure' }],
  ['object_submits_form(0,0)', { type: 'form.submitted', outcome: 'success' }],
  ['sub_tag(4)', { type: 'tag.added', tagId: IDS.tag }],
  ['sub_tag(0)', { type: 'tag.added' }],
  ['unsub_tag(4)', { type: 'tag.removed', tagId: IDS.tag }],
  ['purchase_product(9)', { type: 'product.purchased', productId: IDS.product }],
  ['refund_product(9)', { type: 'product.refunded', productId: IDS.product }],
  ['transaction_created_with_product(9)', { type: 'transaction.added', productId: IDS.product }],
  ['transaction_created_with_product(0)', { type: 'transaction.added' }],
  ['field_update(city)', { type: 'field.updated', fieldId: 'city' }],
  ['field_update(0)', { type: 'field.updated' }],
  ['map_added(140)', { type: 'map.added', mapId: IDS.map }],
  ['map_removed(0)', { type: 'map.removed' }],
  ['map_paused(140)', { type: 'map.paused', mapId: IDS.map }],
  ['map_resumed(0)', { type: 'map.resumed' }],
  ['goal_reached(140)', { type: 'goal.reached', mapId: IDS.map }],
  ['task_completed()', { type: 'task.completed' }],
  ['task_cancelled()', { type: 'task.cancelled' }],
  ['task_overdue()', { type: 'task.overdue' }],
  ['opens_email(welcome, part 2 (of 3))', { type: 'email.opened', messageId: 'welcome, part 2 (of 3)' }],
  ['clicks_email(0)', { type: 'email.clicked' }],
  ['sms_received()', { type: 'sms.received' }],
  ['inbound_received(1)', { type: 'inbound.received', inboundId: IDS.inbound }],
  ['date_field_reached(birthday)', { type: 'date-field.reached', fieldId: 'birthday', offsetDays: 0, isYearly: false }],
  [
    'date_field_reached(birthday,-3,yearly)',
    { type: 'date-field.reached', fieldId: 'birthday', offsetDays: -3, isYearly: true },
  ],
  ['date_reached(2026-12-24)', { type: 'date.reached', date: '2026-12-24' }],
  ['custom(order.shipped)', { type: 'custom', name: 'order.shipped' }],
])('%s is read, and written the same', (text, event, objectTypeId = null) => {
  expect(read(text)).toEqual({ event, objectTypeId });
  const number = Number(/\d+/.exec(text)?.[0] ?? 0);
  expect(printEventString(event, objectTypeId, targetIdOf(event) ? number : null)).toBe(text);
});

test('every event of the catalogue has a name of its own', () => {
  const names = EVENT_ROWS.map(({ subscription }) => subscription);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(parseEventString(`${name}()`).problem).toBeNull();
});

test('an empty target means any, blanks and missing brackets do not matter', () => {
  expect(read(' sub_tag ( ) ')).toEqual({ event: { type: 'tag.added' }, objectTypeId: null });
  expect(read('task_completed')).toEqual({ event: { type: 'task.completed' }, objectTypeId: null });
});

test.each([
  ['', /write one such as sub_tag\(4\)/],
  ['usub_tag(4)', /is no event/],
  ['sub_tag(4', /is no event/],
  ['sub_tag(VIP)', /decimal id: sub_tag\(4\)/],
  ['sub_tag(-4)', /decimal id/],
  ['object_create(contact)', /decimal id/],
  ['object_submits_form(17,2)', /outcome/],
  ['custom()', /name/],
  ['custom(Order Shipped)', /name/],
  ['date_reached(tomorrow)', /date/],
  ['date_field_reached(birthday,soon)', /offsetDays/],
  ['field_update(First Name)', /fieldId/],
])('"%s" is refused with what is wrong', (text, problem) => {
  expect(read(text)).toMatch(problem);
});

test('any text is read or refused', () => {
  const name = fc.constantFrom(...EVENT_ROWS.map(({ subscription }) => subscription ?? ''));
  const odd = fc.oneof(
    fc.string(),
    fc.tuple(name, fc.string()).map(([event, target]) => `${event}(${target})`),
  );
  fc.assert(fc.property(odd, (text) => void read(text)));
});
