import { expect, test } from '@jest/globals';
import type { ListenedEvent } from '../schemas/listened-event';
import { BUILT_IN_OBJECT_TYPES, type ObjectType } from '../schemas/object-type';
import type { SubscriptionSettings } from '../schemas/subscription';
import { KNOWN_NOTHING } from '../tests/rendering/known-nothing';
import type { Known } from './check-reference';
import { checkSubscription } from './check-subscription';

const tagId = 'tag_01jd0000000000000000000004';
const mapId = 'map_01jd0000000000000000000140';
const formId = 'frm_01jd0000000000000000000017';
const deals = {
  ...BUILT_IN_OBJECT_TYPES.find(({ objectTypeId }) => objectTypeId === 149),
  isBuiltIn: true,
} as ObjectType;
const known: Known = {
  ...KNOWN_NOTHING,
  objectType: deals,
  tagIds: new Set([tagId]),
  forms: new Map([[formId, { settings: { name: 'Contact us', objectTypeId: 0 } }]]),
  maps: new Map([[mapId, { name: 'Welcome', objectTypeId: 0, publishedNumber: 1 }]]),
};
const problemsOf = (event: ListenedEvent, given: Partial<SubscriptionSettings> = {}): string[] =>
  checkSubscription({ event, objectTypeId: 149, condition: undefined, ...given } as SubscriptionSettings, known).map(
    ({ path, message }) => `${path}: ${message}`,
  );

test('what exists and fits is taken', () => {
  expect(problemsOf({ type: 'tag.added', tagId })).toEqual([]);
  expect(problemsOf({ type: 'field.updated', fieldId: 'stage', to: 'Won' })).toEqual([]);
  expect(problemsOf({ type: 'record.deleted' })).toEqual([]);
});

test('what does not exist or fit is named with its path', () => {
  const other = 'tag_01jd0000000000000000000005';
  expect(problemsOf({ type: 'tag.added', tagId: other })).toEqual([expect.stringMatching(/^event\.tagId: This tag/)]);
  expect(problemsOf({ type: 'field.updated', fieldId: 'email' })).toEqual([
    expect.stringMatching(/^event\.fieldId: Deals have no field "email"/),
  ]);
  expect(problemsOf({ type: 'map.added', mapId })).toEqual([
    expect.stringMatching(/^event\.mapId: .*other object type|another object type/),
  ]);
  expect(problemsOf({ type: 'product.purchased' })).toEqual([expect.stringMatching(/^event: .*only to contacts/)]);
  const condition = {
    kind: 'any' as const,
    of: [{ kind: 'tag' as const, op: 'has' as const, tagId: other as typeof tagId }],
  };
  expect(problemsOf({ type: 'record.created' }, { condition })).toEqual([
    expect.stringMatching(/^condition\.of\.0\.tagId: /),
  ]);
});

test('a condition that only contacts can answer is refused for another type, and taken for any', () => {
  const condition = { kind: 'purchases' as const, measure: 'count' as const, op: 'at-least' as const, value: 1 };
  expect(problemsOf({ type: 'record.created' }, { condition })).toEqual([
    'condition: "purchases" is asked only of contacts, never of Deals; leave it out.',
  ]);
  expect(problemsOf({ type: 'record.created' }, { condition, objectTypeId: null })).toEqual([]);
});

test('for records of any type fields are taken as named, and maps of any type fit', () => {
  const any = { objectTypeId: null };
  expect(problemsOf({ type: 'field.updated', fieldId: 'email' }, any)).toEqual([]);
  expect(problemsOf({ type: 'map.added', mapId }, any)).toEqual([]);
  expect(problemsOf({ type: 'product.purchased' }, any)).toEqual([]);
  expect(problemsOf({ type: 'map.added', mapId: 'map_01jd0000000000000000000141' }, any)).toHaveLength(1);
  expect(problemsOf({ type: 'form.submitted', formId }, any)).toEqual([]);
  expect(problemsOf({ type: 'form.submitted', formId: 'frm_01jd0000000000000000000018' }, any)).toHaveLength(1);
  expect(problemsOf({ type: 'form.submitted', formId })).toEqual([
    'event.formId: The form "Contact us" is for another object type; choose one for Deals.',
  ]);
});

test('what can never be told is refused', () => {
  const condition = { kind: 'field' as const, fieldId: 'stage', op: 'filled' as const };
  expect(problemsOf({ type: 'manual' })).toEqual([expect.stringMatching(/^event\.type: /)]);
  expect(problemsOf({ type: 'record.deleted' }, { condition })).toEqual([expect.stringMatching(/^condition: /)]);
});
