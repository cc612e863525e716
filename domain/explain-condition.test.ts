import { expect, test } from '@jest/globals';
import type { Condition, DayOperator, MapOperator, SpanUnit } from '../schemas/condition';
import type { MapId, RecordId, TagId } from '../schemas/ids';
import type { RecordFacts } from '../schemas/record';
import { explainCondition } from './explain-condition';
import { matchCondition } from './match-condition';
import { NO_SURROUNDINGS, needsOf, type Surroundings } from './surroundings';

const [TAG, MAP, OTHER, WIDGET] = ['tag_1' as TagId, 'map_1' as MapId, 'map_2' as MapId, 'rec_1' as RecordId];
const names = new Map([
  ['state', 'State'],
  [TAG, 'Customer'],
  [MAP, 'Welcome'],
  [WIDGET, 'Widget'],
]);
const record: RecordFacts = { fields: { state: 'NV', email: '', birthday: '2026-11-27T00:00:00.000Z' }, tagIds: [] };
const around: Surroundings = {
  ...NO_SURROUNDINGS,
  entries: [{ mapId: MAP, startedAt: new Date('2026-11-20T23:30:00Z'), isPaused: true }],
  deeds: [
    { did: 'opened', messageId: 'welcome', count: 2 },
    { did: 'clicked', messageId: 'welcome', count: 1 },
    { did: 'opened', messageId: 'offer', count: 1 },
  ],
  variables: { plan: 'Gold' },
  // 00:30 on 28 November in Berlin
  nowMs: Date.parse('2026-11-27T23:30:00Z'),
  timezone: 'Europe/Berlin',
  bought: [
    { productId: WIDGET, count: 2, spent: 0.1 },
    { productId: 'rec_2', count: 1, spent: 0.2 },
  ],
};
const field = (fieldId: string, value: string): Condition => ({ kind: 'field', fieldId, op: 'equals', value });
const isNv = field('state', 'nv');
const isCa = field('state', 'CA');
const hasTag: Condition = { kind: 'tag', op: 'has', tagId: TAG };
const onMap = (op: MapOperator, mapId = MAP): Condition => ({ kind: 'map', op, mapId });
const joined = (op: DayOperator, date: string): Condition => ({ kind: 'joined-map', mapId: MAP, op, date });
const onMapFor = (amount: number, unit: SpanUnit): Condition => ({ kind: 'on-map-for', mapId: MAP, amount, unit });
const did = (given: object): Condition =>
  ({ kind: 'email', did: 'opened', op: 'at-least', value: 2, ...given }) as Condition;
const bought = (given: object): Condition =>
  ({ kind: 'purchases', measure: 'count', op: 'at-least', value: 1, ...given }) as Condition;

test.each<[string, Condition, boolean, string]>([
  ['one field', isCa, false, 'condition 1 was false: State is NV'],
  ['an empty field without a label', field('email', 'x'), false, 'condition 1 was false: email is empty'],
  ['AND: the first false part', { kind: 'all', of: [isNv, isCa, hasTag] }, false, 'condition 2 was false: State is NV'],
  [
    'OR that is false: all parts',
    { kind: 'any', of: [isCa, hasTag] },
    false,
    'condition 1 was false: State is NV; condition 2 was false: the tag Customer is missing',
  ],
  [
    'numbers do not depend on the record: parts in groups count too',
    { kind: 'all', of: [{ kind: 'any', of: [isNv, hasTag, hasTag] }, isCa] },
    false,
    'condition 4 was false: State is NV',
  ],
  [
    'OR that is true: the first true part',
    { kind: 'any', of: [isCa, isNv] },
    true,
    'condition 2 was true: State is NV',
  ],
  ['NOT', { kind: 'not', of: isNv }, false, 'condition 1 was true: State is NV'],
  [
    'on a map',
    { kind: 'map', op: 'not-on', mapId: MAP },
    false,
    'condition 1 was false: the record is on the map Welcome',
  ],
  ['paused on a map', onMap('paused'), true, 'condition 1 was true: the record is paused on the map Welcome'],
  ['not active on it', onMap('active'), false, 'condition 1 was false: the record is paused on the map Welcome'],
  [
    'neither on another',
    { kind: 'any', of: [onMap('active', OTHER), onMap('paused', OTHER)] },
    false,
    'condition 1 was false: the record is not on the map map_2; condition 2 was false: the record is not on the map map_2',
  ],
  [
    "the day of joining is the one in the account's zone",
    joined('on', '2026-11-21'),
    true,
    'condition 1 was true: the record joined the map Welcome on 2026-11-21',
  ],
  [
    'joined before',
    joined('before', '2026-11-21'),
    false,
    'condition 1 was false: the record joined the map Welcome on 2026-11-21',
  ],
  [
    'joined after',
    joined('after', '2026-11-20'),
    true,
    'condition 1 was true: the record joined the map Welcome on 2026-11-21',
  ],
  [
    'joined a map that it is not on',
    { kind: 'joined-map', mapId: OTHER, op: 'before', date: '2027-01-01' },
    false,
    'condition 1 was false: the record is not on the map map_2',
  ],
  [
    'on a map for a time',
    onMapFor(1, 'weeks'),
    true,
    'condition 1 was true: the record joined the map Welcome on 2026-11-21',
  ],
  ['not so long', onMapFor(8, 'days'), false, 'condition 1 was false: the record joined the map Welcome on 2026-11-21'],
  ['opened', did({ messageId: 'welcome' }), true, 'condition 1 was true: opens of the e-mail welcome: 2'],
  ['opened, of all e-mails', did({ op: 'equals', value: 3 }), true, 'condition 1 was true: opens of all e-mails: 3'],
  ['clicked', did({ did: 'clicked' }), false, 'condition 1 was false: clicks of all e-mails: 1'],
  [
    'never opened',
    did({ messageId: 'none', op: 'equals', value: 0 }),
    true,
    'condition 1 was true: opens of the e-mail none: 0',
  ],
  [
    'a date that moves with the clock',
    { kind: 'field', fieldId: 'birthday', op: 'equals', value: { from: 'today', amount: 0, unit: 'days' } },
    false,
    'condition 1 was false: birthday is 2026-11-27T00:00:00.000Z, compared with 2026-11-28',
  ],
  [
    'a variable of the entry',
    { kind: 'variable', name: 'plan', op: 'equals', value: 'Silver' },
    false,
    'condition 1 was false: the variable plan is Gold',
  ],
  ['bought', bought({ productId: WIDGET, value: 3 }), false, 'condition 1 was false: 2 bought of Widget'],
  ['bought, of all products', bought({ value: 3 }), true, 'condition 1 was true: 3 bought of all products'],
  [
    'spent, in cents that binary numbers do not hold',
    bought({ measure: 'spent', op: 'equals', value: 0.3 }),
    true,
    'condition 1 was true: 0.3 spent on all products',
  ],
  [
    'many parts: three are told',
    { kind: 'any', of: [isCa, isCa, isCa, isCa, isCa] },
    false,
    'condition 1 was false: State is NV; condition 2 was false: State is NV; condition 3 was false: State is NV; and 2 more',
  ],
])('%s', (_, condition, isMet, because) => {
  expect(explainCondition(condition, record, names, around)).toEqual({ isMet, because });
  expect(matchCondition(condition, record, around)).toBe(isMet);
});

test('a long value is cut', () => {
  const { because } = explainCondition(isCa, { fields: { state: 'x'.repeat(500) }, tagIds: [] }, names);
  expect(because).toBe(`condition 1 was false: State is ${'x'.repeat(60)}...`);
});

test('what must be read is known from the conditions alone, and fields and tags need nothing', () => {
  const none = { maps: false, purchases: false, emails: false, zone: false };
  const needs = (...conditions: (Condition | undefined)[]) => needsOf(conditions);
  const moving: Condition = {
    kind: 'field',
    fieldId: 'f',
    op: 'less',
    value: { from: 'now', amount: 1, unit: 'hours' },
  };
  expect(needs(undefined, { kind: 'all', of: [isCa, hasTag] })).toEqual(none);
  expect(needs(isCa, { kind: 'not', of: onMap('on') })).toEqual({ ...none, maps: true });
  expect(needs({ kind: 'any', of: [isCa, bought({})] })).toEqual({ ...none, purchases: true });
  expect(needs(joined('on', '2026-11-21'))).toEqual({ ...none, maps: true, zone: true });
  expect(needs(did({}))).toEqual({ ...none, emails: true });
  expect(needs(moving)).toEqual({ ...none, zone: true });
});
