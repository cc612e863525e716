import { expect, test } from '@jest/globals';
import type { ListenedEvent } from '../schemas/element';
import type { Fact } from '../schemas/event';
import type { MapId } from '../schemas/ids';
import type { RecordFacts } from '../schemas/record';
import { keyOf, type Listener, matchFact, routeEvent } from './route-event';

const ADDED: Fact = { type: 'tag.added', tagId: 'tag_vip' };
const VIP: RecordFacts = { fields: {}, tagIds: ['tag_vip'] };
const updated = (after: string | number | string[] | null, fieldId = 'status'): Fact => ({
  type: 'field.updated',
  fieldId,
  before: 'old',
  after,
});
const listener = (mapId: MapId, given: Partial<Listener> = {}): Listener => ({
  accountId: 'acc_1',
  objectTypeId: 0,
  mapId,
  mapName: 'Map',
  versionNumber: 1,
  elementId: 'start',
  events: [{ type: 'tag.added', tagId: 'tag_vip' }],
  condition: undefined,
  reentry: 'once',
  ...given,
});

type Row = [ListenedEvent, Fact, boolean];
test.each<Row>([
  [{ type: 'record.created' }, { type: 'record.created' }, true],
  [{ type: 'record.created' }, ADDED, false],
  [{ type: 'tag.added', tagId: 'tag_vip' }, ADDED, true],
  [{ type: 'tag.added', tagId: 'tag_other' }, ADDED, false],
  [{ type: 'tag.removed', tagId: 'tag_vip' }, ADDED, false],
  [{ type: 'tag.removed', tagId: 'tag_vip' }, { type: 'tag.removed', tagId: 'tag_vip' }, true],
  [{ type: 'field.updated', fieldId: 'status' }, updated('new'), true],
  [{ type: 'field.updated', fieldId: 'status' }, updated('new', 'email'), false],
  [{ type: 'field.updated', fieldId: 'status', to: 'new' }, updated('new'), true],
  [{ type: 'field.updated', fieldId: 'status', to: 'new' }, updated('newer'), false],
  [{ type: 'field.updated', fieldId: 'status', to: null }, updated(null), true],
  [{ type: 'field.updated', fieldId: 'status', to: null }, updated('new'), false],
  [{ type: 'field.updated', fieldId: 'status', to: 5 }, updated('5'), false],
  [{ type: 'field.updated', fieldId: 'status', to: ['a', 'b'] }, updated(['a', 'b']), true],
  [{ type: 'custom', name: 'order.shipped' }, { type: 'custom', name: 'order.shipped', data: {} }, true],
  [{ type: 'custom', name: 'order.shipped' }, { type: 'custom', name: 'order.paid', data: {} }, false],
  [{ type: 'manual' }, { type: 'entry.requested', entryId: 'ent_1' }, false],
  [{ type: 'manual' }, { type: 'record.created' }, false],
])('a trigger for %j, told of %j, matches: %s', (listened, fact, isMatch) => {
  expect(matchFact(listened, fact)).toBe(isMatch);
});

test('whatever matches has the same key, so that it is found', () => {
  const pairs: [ListenedEvent, Fact][] = [
    [{ type: 'record.created' }, { type: 'record.created' }],
    [{ type: 'tag.added', tagId: 'tag_vip' }, ADDED],
    [{ type: 'field.updated', fieldId: 'status', to: 'new' }, updated('new')],
    [
      { type: 'custom', name: 'a.b' },
      { type: 'custom', name: 'a.b', data: {} },
    ],
  ];
  for (const [listened, fact] of pairs) expect(keyOf('acc_1', 0, listened)).toBe(keyOf('acc_1', 0, fact));
});

test('keys differ by account, object type, event and target', () => {
  const keys = [
    keyOf('acc_1', 0, ADDED),
    keyOf('acc_2', 0, ADDED),
    keyOf('acc_1', 10_000, ADDED),
    keyOf('acc_1', 0, { type: 'tag.removed', tagId: 'tag_vip' }),
    keyOf('acc_1', 0, { type: 'tag.added', tagId: 'tag_other' }),
    keyOf('acc_1', 0, updated('x')),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

test('each map that listens is started, in the order of the listeners', () => {
  const [a, b] = [listener('map_a'), listener('map_b')];
  expect(routeEvent(ADDED, VIP, [a, b])).toEqual([
    { kind: 'start-entry', listener: a },
    { kind: 'start-entry', listener: b },
  ]);
});

test('a map with two triggers that match is started once, from the first', () => {
  const [first, second] = [listener('map_a', { elementId: 'one' }), listener('map_a', { elementId: 'two' })];
  expect(routeEvent(ADDED, VIP, [first, second])).toEqual([{ kind: 'start-entry', listener: first }]);
});

test('where the condition of the first trigger does not hold, the second starts the map', () => {
  const condition = { kind: 'tag', op: 'lacks', tagId: 'tag_vip' } as const;
  const [first, second] = [listener('map_a', { condition }), listener('map_a', { elementId: 'two' })];
  expect(routeEvent(ADDED, VIP, [first, second])).toEqual([{ kind: 'start-entry', listener: second }]);
});

test('a listener found by a shared key but for another value starts nothing', () => {
  const events: ListenedEvent[] = [{ type: 'field.updated', fieldId: 'status', to: 'paid' }];
  expect(routeEvent(updated('open'), VIP, [listener('map_a', { events })])).toEqual([]);
});

test('a record that is gone starts nothing', () => {
  expect(routeEvent(ADDED, null, [listener('map_a')])).toEqual([]);
});

test('a deleted record wakes its entries, and starts nothing', () => {
  expect(routeEvent({ type: 'record.deleted' }, null, [listener('map_a')])).toEqual([{ kind: 'wake-entries' }]);
});

test('a requested entry is started, also when the record is gone: its workflow then ends it', () => {
  const fact: Fact = { type: 'entry.requested', entryId: 'ent_1' };
  for (const record of [VIP, null])
    expect(routeEvent(fact, record, [])).toEqual([{ kind: 'start-requested', entryId: 'ent_1' }]);
});
