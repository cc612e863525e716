import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FIELD_TYPES, type Field, type FieldType, type FieldValue } from '../schemas/field';
import { parseFieldValues } from './parse-field-values';

const fieldOf = (type: FieldType): Field => ({
  id: 'f',
  label: 'F',
  type,
  ...(type === 'drop' || type === 'list' ? { options: ['Red', 'Blue'] } : {}),
});
const parse = (type: FieldType, value: FieldValue) => parseFieldValues({ f: value }, [fieldOf(type)]);

type Row = [type: FieldType, given: FieldValue, stored: FieldValue];
test.each<Row>([
  ['text', 'Ada', 'Ada'],
  ['text', ' as typed ', ' as typed '],
  ['text', 5, '5'],
  ['text', false, 'false'],
  ['phone', '+1 555', '+1 555'],
  ['numeric', '42', 42],
  ['numeric', ' 42.5 ', 42.5],
  ['numeric', -0.5, -0.5],
  ['price', '1e3', 1000],
  ['check', true, true],
  ['check', 'YES', true],
  ['check', 1, true],
  ['check', '0', false],
  ['check', 'False', false],
  ['fulldate', '2026-11-30', '2026-11-30T00:00:00.000Z'],
  ['fulldate', '2026-11-30T09:00:00Z', '2026-11-30T09:00:00.000Z'],
  ['fulldate', '2026-11-30T09:00:00+02:00', '2026-11-30T07:00:00.000Z'],
  ['fulldate', '2026-11-30 09:00', '2026-11-30T09:00:00.000Z'],
  ['fulldate', '2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['fulldate', 1_700_000_000, '2023-11-14T22:13:20.000Z'],
  ['fulldate', '1700000000', '2023-11-14T22:13:20.000Z'],
  ['drop', 'Red', 'Red'],
  ['list', ['Red', 'Blue'], ['Red', 'Blue']],
  ['list', 'Red, Blue', ['Red', 'Blue']],
  ['list', [], []],
  ['email', ' ada@example.com ', 'ada@example.com'],
])('a %s field takes %j as %j', (type, given, stored) => {
  expect(parse(type, given)).toEqual({ values: { f: stored }, problems: [] });
});

test.each<[FieldType, FieldValue]>([
  ['numeric', 'many'],
  ['numeric', '1,5'],
  ['numeric', true],
  ['numeric', 'Infinity'],
  ['price', ['1']],
  ['check', 'maybe'],
  ['check', 2],
  ['fulldate', 'tomorrow'],
  ['fulldate', '2026-13-01'],
  ['fulldate', '2026-02-30'],
  ['fulldate', '2026-02-30T09:00:00+02:00'],
  ['fulldate', '2026-11-30T25:00:00Z'],
  ['fulldate', 1e17],
  ['fulldate', true],
  ['drop', 'Green'],
  ['list', ['Red', 'Green']],
  ['list', 'Green'],
  ['text', ['a']],
  ['email', 'ada'],
  ['email', 'a b@example.com'],
  ['email', 5],
])('a %s field refuses %j, and says what it wants', (type, given) => {
  const { values, problems } = parse(type, given);
  expect(values).toEqual({});
  expect(problems).toEqual([{ path: 'fields.f', message: expect.stringMatching(/^(must|holds)/) }]);
});

test.each(FIELD_TYPES)('null and empty text empty a field of type %s', (type) => {
  for (const given of [null, '']) expect(parse(type, given)).toEqual({ values: { f: null }, problems: [] });
});

test.each(['numeric', 'price', 'fulldate', 'check'] as const)(
  'blanks in a %s field never become a value such as 0',
  (type) => {
    expect(parse(type, '   ').values.f ?? null).toBeNull();
  },
);

test('every mistake is told at once, and what is right is kept', () => {
  const fields: Field[] = [fieldOf('numeric'), { id: 'g', label: 'G', type: 'text' }];
  const { values, problems } = parseFieldValues({ f: 'many', g: 'fine', h: 'x', i: 'y' }, fields);
  expect(values).toEqual({ g: 'fine' });
  expect(problems.map(({ path }) => path)).toEqual(['fields.f', 'fields.h', 'fields.i']);
  expect(problems[1]?.message).toMatch(/f, g/);
});

test('names such as __proto__ and constructor are no fields and change no object', () => {
  const given = JSON.parse('{"__proto__": {"isAdmin": true}, "constructor": "x", "toString": "y"}');
  const { values, problems } = parseFieldValues(given, [fieldOf('text')]);
  expect(Object.keys(values)).toEqual([]);
  expect(problems).toHaveLength(3);
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
});

test('whatever is given, it answers, and what it stores parses to itself', () => {
  const anything = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.array(fc.string()), fc.constant(null));
  fc.assert(
    fc.property(fc.constantFrom(...FIELD_TYPES), anything, (type, given) => {
      const { values, problems } = parse(type, given);
      expect(Object.keys(values).length + problems.length).toBe(1);
      if (values.f !== undefined) expect(parse(type, values.f).values).toEqual(values);
    }),
  );
});
