import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Fact } from '../schemas/event';
import type { FieldValue } from '../schemas/field';
import type { RecordFacts } from '../schemas/record';
import { changeFields, changeTags, deriveFacts } from './derive-facts';

const value: fc.Arbitrary<FieldValue> = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.integer({ min: -2, max: 2 }),
  fc.boolean(),
  fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
  fc.constant(null),
);
const fieldId = fc.constantFrom('a', 'b', 'c', 'firstname', 'constructor');
const tagIds = fc.subarray(['tag_a', 'tag_b', 'tag_c', 'tag_d'] as const).map((ids) => [...ids]);
const record: fc.Arbitrary<RecordFacts> = fc.record({ fields: fc.dictionary(fieldId, value), tagIds });

/** The record after a fact. */
function apply(before: RecordFacts, fact: Fact): RecordFacts {
  if (fact.type === 'field.updated') return changeFields(before, { [fact.fieldId]: fact.after });
  if (fact.type === 'tag.added') return changeTags(before, { add: [fact.tagId], remove: [] });
  if (fact.type === 'tag.removed') return changeTags(before, { add: [], remove: [fact.tagId] });
  throw new Error(`a change of a record is not told as ${fact.type}`);
}
/** What can be told apart: a field that is missing is an empty one, and tags have no order. */
const plain = ({ fields, tagIds: ids }: RecordFacts) => ({
  fields: Object.entries(fields)
    .filter(([, held]) => held !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1)),
  tagIds: [...ids].sort(),
});

test('the facts, applied one after the other to the state before, give the state after', () => {
  fc.assert(
    fc.property(record, record, (before, after) => {
      expect(plain(deriveFacts(before, after).reduce(apply, before))).toEqual(plain(after));
    }),
  );
});

test('each fact tells what was before it and what is after it', () => {
  fc.assert(
    fc.property(record, record, (before, after) => {
      for (const fact of deriveFacts(before, after)) {
        if (fact.type === 'field.updated') {
          expect(fact.before).toEqual(new Map(Object.entries(before.fields)).get(fact.fieldId) ?? null);
          expect(fact.before).not.toEqual(fact.after);
        }
        if (fact.type === 'tag.added') expect(before.tagIds).not.toContain(fact.tagId);
        if (fact.type === 'tag.removed') expect(before.tagIds).toContain(fact.tagId);
      }
    }),
  );
});

test('nothing follows when nothing differs', () => {
  fc.assert(fc.property(record, (same) => expect(deriveFacts(same, structuredClone(same))).toEqual([])));
});

test('facts come in a fixed order: fields by name, tags removed, tags added', () => {
  const before: RecordFacts = { fields: { b: 1, a: 1 }, tagIds: ['tag_old'] };
  const after: RecordFacts = { fields: { b: 2, a: 2 }, tagIds: ['tag_new'] };
  expect(deriveFacts(before, after)).toEqual([
    { type: 'field.updated', fieldId: 'a', before: 1, after: 2 },
    { type: 'field.updated', fieldId: 'b', before: 1, after: 2 },
    { type: 'tag.removed', tagId: 'tag_old' },
    { type: 'tag.added', tagId: 'tag_new' },
  ]);
});

test('a field set to null and one that was never there are the same', () => {
  expect(deriveFacts({ fields: {}, tagIds: [] }, { fields: { a: null }, tagIds: [] })).toEqual([]);
});

test('a tag that is added and removed at once ends up removed, and none is held twice', () => {
  const ada: RecordFacts = { fields: {}, tagIds: ['tag_a'] };
  expect(changeTags(ada, { add: ['tag_a', 'tag_b', 'tag_b', 'tag_c'], remove: ['tag_c'] }).tagIds).toEqual([
    'tag_a',
    'tag_b',
  ]);
});
