import { expect, test } from '@jest/globals';
import type { Condition } from '../schemas/condition';
import type { MapId, RecordId, TagId } from '../schemas/ids';
import type { RecordFacts } from '../schemas/record';
import { explainCondition } from './explain-condition';
import { matchCondition } from './match-condition';
import { needsOf, type Surroundings } from './surroundings';

const [TAG, MAP, WIDGET] = ['tag_1' as TagId, 'map_1' as MapId, 'rec_1' as RecordId];
const names = new Map([
  ['state', 'State'],
  [TAG, 'Customer'],
  [MAP, 'Welcome'],
  [WIDGET, 'Widget'],
]);
const record: RecordFacts = { fields: { state: 'NV', email: '' }, tagIds: [] };
const around: Surroundings = {
  mapIds: new Set([MAP]),
  bought: [
    { productId: WIDGET, count: 2, spent: 0.1 },
    { productId: 'rec_2', count: 1, spent: 0.2 },
  ],
};
const field = (fieldId: string, value: string): Condition => ({ kind: 'field', fieldId, op: 'equals', value });
const isNv = field('state', 'nv');
const isCa = field('state', 'CA');
const hasTag: Condition = { kind: 'tag', op: 'has', tagId: TAG };
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
  expect(needsOf([undefined, { kind: 'all', of: [isCa, hasTag] }])).toEqual({ maps: false, purchases: false });
  expect(needsOf([isCa, { kind: 'not', of: { kind: 'map', op: 'on', mapId: MAP } }]).maps).toBe(true);
  expect(needsOf([{ kind: 'any', of: [isCa, bought({})] }])).toEqual({ maps: false, purchases: true });
});
