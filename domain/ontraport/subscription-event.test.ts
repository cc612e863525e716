import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { idOfNumber, testNumbers } from '../../tests/rendering/account-numbers';
import { formatSubscribedEvent, parseSubscribedEvent } from './subscription-event';

const read = (text: string) => parseSubscribedEvent(text, testNumbers);

test('the six events of the article are read', () => {
  expect(read('object_create(0)')).toEqual({ event: { type: 'record.created' }, objectTypeId: 0 });
  const of = (event: object) => ({ event, objectTypeId: null });
  expect(read('object_submits_form(17)')).toEqual(of({ type: 'form.submitted', formId: idOfNumber('form', 17) }));
  expect(read('sub_tag(4)')).toEqual(of({ type: 'tag.added', tagId: idOfNumber('tag', 4) }));
  expect(read('unsub_tag(4)')).toEqual(of({ type: 'tag.removed', tagId: idOfNumber('tag', 4) }));
  const productId = idOfNumber('record', 9);
  expect(read('purchase_product(9)')).toEqual(of({ type: 'product.purchased', productId }));
  expect(read('transaction_created_with_product(9)')).toEqual(of({ type: 'transaction.added', productId }));
});

test('0 and * mean any, where the target is no object type', () => {
  expect(read('sub_tag(0)')).toEqual({ event: { type: 'tag.added' }, objectTypeId: null });
  expect(read('sub_tag(*)')).toEqual({ event: { type: 'tag.added' }, objectTypeId: null });
  expect(read('object_create(*)')).toEqual({ event: { type: 'record.created' }, objectTypeId: null });
});

test('what is wrong is said', () => {
  expect(read('sub_tag')).toEqual({ problem: expect.stringContaining('such as sub_tag(4)') });
  expect(read('no_such(4)')).toEqual({ problem: expect.stringContaining('unsub_tag') });
  expect(read('sub_tag(1000)')).toEqual({ problem: 'names a tag that there is not: 1000' });
  expect(read('object_create(x)')).toEqual({ problem: expect.stringContaining('object type') });
  expect(read('custom(NO NAME)')).toEqual({ problem: expect.stringContaining('does not fit') });
});

test('every event string comes back as it was, and any text is read or refused', () => {
  for (const text of [
    'object_create(10000)',
    'sub_tag(4)',
    'unsub_tag(0)',
    'object_submits_form(17)',
    'purchase_product(9)',
    'field_update(state)',
    'map_added(3)',
    'custom(order.shipped)',
    'task_completed(0)',
    'object_delete(*)',
  ]) {
    const parsed = read(text);
    expect('problem' in parsed ? parsed : formatSubscribedEvent(parsed, testNumbers)).toBe(text);
  }
  fc.assert(fc.property(fc.string(), (text) => void read(text)));
});
