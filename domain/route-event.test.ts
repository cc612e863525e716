import { expect, test } from '@jest/globals';
import type { Fact } from '../schemas/event';
import type { MapId } from '../schemas/ids';
import type { ListenedEvent } from '../schemas/listened-event';
import type { RecordFacts } from '../schemas/record';
import { keyOfListened, keysOfFact, matchFact } from './event-keys';
import { routeEvent, type TriggerListener } from './route-event';

const ADDED: Fact = { type: 'tag.added', tagId: 'tag_vip' };
const VIP: RecordFacts = { fields: {}, tagIds: ['tag_vip'] };
const updated = (after: string | number | string[] | null, fieldId = 'status'): Fact => ({
  type: 'field.updated',
  fieldId,
  before: 'old',
  after,
});
const listener = (mapId: MapId, given: Partial<TriggerListener> = {}): TriggerListener => ({
  kind: 'trigger',
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
  [{ type: 'field.updated', fieldId: 'status', from: 'old' }, updated('new'), true],
  [{ type: 'field.updated', fieldId: 'status', from: 'older' }, updated('new'), false],
  [{ type: 'field.updated', fieldId: 'status', from: null }, updated('new'), false],
  [{ type: 'field.updated', fieldId: 'status', from: 'old', to: 'new' }, updated('new'), true],
  [{ type: 'field.updated', fieldId: 'status', from: 'old', to: 'new' }, updated('newer'), false],
  [{ type: 'field.updated', from: 'old' }, updated('new', 'email'), true],
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
    [{ type: 'field.updated', fieldId: 'status', from: 'old' }, updated('new')],
    [
      { type: 'custom', name: 'a.b' },
      { type: 'custom', name: 'a.b', data: {} },
    ],
  ];
  for (const [listened, fact] of pairs)
    expect(keysOfFact('acc_1', 0, fact)).toContain(keyOfListened('acc_1', 0, listened));
});

test('keys differ by account, object type, event and target', () => {
  const keys = [
    keyOfListened('acc_1', 0, { type: 'tag.added', tagId: 'tag_vip' }),
    keyOfListened('acc_2', 0, { type: 'tag.added', tagId: 'tag_vip' }),
    keyOfListened('acc_1', 10_000, { type: 'tag.added', tagId: 'tag_vip' }),
    keyOfListened('acc_1', null, { type: 'tag.added', tagId: 'tag_vip' }),
    keyOfListened('acc_1', 0, { type: 'tag.added' }),
    keyOfListened('acc_1', 0, { type: 'tag.removed', tagId: 'tag_vip' }),
    keyOfListened('acc_1', 0, { type: 'tag.added', tagId: 'tag_other' }),
    keyOfListened('acc_1', 0, { type: 'field.updated', fieldId: 'status' }),
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

test('a listener without a target, or for any object type, is found by the keys of every such fact', () => {
  const keys = keysOfFact('acc_1', 0, {
    type: 'transaction.added',
    transactionId: 'rec_t',
    productIds: ['rec_a', 'rec_b'],
  });
  for (const listened of [
    { type: 'transaction.added' },
    { type: 'transaction.added', productId: 'rec_a' },
    { type: 'transaction.added', productId: 'rec_b' },
  ] as ListenedEvent[])
    for (const objectTypeId of [0, null]) expect(keys).toContain(keyOfListened('acc_1', objectTypeId, listened));
  expect(keys).not.toContain(keyOfListened('acc_1', 0, { type: 'transaction.added', productId: 'rec_c' }));
});

test('rules act first, then maps start, then subscriptions are told, each once', () => {
  const events: ListenedEvent[] = [{ type: 'tag.added' }, { type: 'tag.added', tagId: 'tag_vip' }];
  const of = { accountId: 'acc_1', objectTypeId: null, events } as const;
  const [rule, told] = [
    { ...of, kind: 'rule', ruleId: 'rul_1', ruleName: 'Rule' } as const,
    { ...of, kind: 'subscription', subscriptionId: 'sub_1' } as const,
  ];
  const map = listener('map_a');
  const listeners = [told, map, rule, told, rule].map((one) => ({ ...one, events: [...one.events] }));
  expect(routeEvent(ADDED, VIP, listeners).map(({ kind }) => kind)).toEqual(['run-rule', 'start-entry', 'notify']);
  expect(routeEvent(ADDED, null, listeners).map(({ kind }) => kind)).toEqual(['notify']);
});
