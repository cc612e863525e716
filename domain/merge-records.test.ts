import { expect, test } from '@jest/globals';
import { mergeRecords } from './merge-records';

test('what the record has stays, what it lacks comes from the other, and tags are united', () => {
  const merged = mergeRecords(
    { fields: { firstname: 'Ada', city: '', state: null, spent: 0, colors: [] }, tagIds: ['tag_a', 'tag_b'] },
    {
      fields: { firstname: 'Augusta', city: 'London', spent: 7, colors: ['red'], zip: null },
      tagIds: ['tag_b', 'tag_c'],
    },
  );
  expect(merged).toEqual({
    fields: { firstname: 'Ada', city: 'London', state: null, spent: 0, colors: ['red'] },
    tagIds: ['tag_a', 'tag_b', 'tag_c'],
  });
});
