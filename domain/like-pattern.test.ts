import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { likePattern, wildcardsIn } from './like-pattern';

const isLike = (text: string, pattern: string): boolean => new RegExp(likePattern(pattern), 'is').test(text);

/** LIKE by definition, as slow as it is plain. */
function isLikeByDefinition(text: string, pattern: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '%')
    return [...Array(text.length + 1).keys()].some((at) => isLikeByDefinition(text.slice(at), pattern.slice(1)));
  const isSame = pattern[0] === '_' || pattern[0]?.toLowerCase() === text[0]?.toLowerCase();
  return text !== '' && isSame && isLikeByDefinition(text.slice(1), pattern.slice(1));
}

test.each([
  ['ada@example.com', '%@example.com', true],
  ['ada@example.com', 'ada', false],
  ['Ada', 'a_a', true],
  ['a.c', 'a.c', true],
  ['abc', 'a.c', false],
  ['line\nbreak', '%break', true],
  ['', '%', true],
])('%s LIKE %s is %s', (text, pattern, is) => {
  expect(isLike(text, pattern)).toBe(is);
});

test('it is LIKE as defined, for any text and pattern', () => {
  const short = (...letters: string[]) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 9 });
  fc.assert(
    fc.property(short('a', 'b', '.', '\n'), short('a', 'B', '.', '%', '_', '\n'), (text, pattern) => {
      expect([text, pattern, isLike(text, pattern)]).toEqual([text, pattern, isLikeByDefinition(text, pattern)]);
    }),
    { numRuns: 2000 },
  );
});

test('no pattern lets an operator of regular expressions through', () => {
  fc.assert(
    fc.property(
      fc.string().filter((pattern) => !/[%_]/.test(pattern) && wildcardsIn(pattern) === 0),
      (text) => expect(isLike(text, text)).toBe(true),
    ),
  );
});
