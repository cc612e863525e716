import { expect, test } from '@jest/globals';
import type { Element } from '../schemas/element';
import { chooseTrigger } from './choose-trigger';

const trigger = (id: string, type: 'manual' | 'record.created'): Element => ({
  id,
  kind: 'trigger',
  title: '',
  settings: { events: [{ type }] },
});
const end: Element = { id: 'end', kind: 'end', title: '', settings: {} };

test.each([
  ['the one for those added by hand', [trigger('a', 'record.created'), end, trigger('b', 'manual')], 'b'],
  ['the first, when none is for them', [end, trigger('a', 'record.created'), trigger('b', 'record.created')], 'a'],
  ['none on a map without triggers', [end], undefined],
])('a record added by hand enters at %s', (_says, elements, id) => {
  expect(chooseTrigger(elements)?.id).toBe(id);
});
