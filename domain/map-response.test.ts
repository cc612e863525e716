import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Field } from '../schemas/field';
import type { ObjectType } from '../schemas/object-type';
import {
  MAPPED_TYPES,
  type ResponseMapping,
  type ResponseMappingRow,
  responseMappingSchema,
} from '../schemas/response-mapping';
import { checkResponseMapping } from './check-response-mapping';
import { mapResponse } from './map-response';

const fields: Field[] = [
  { id: 'name', label: 'Name', type: 'text' },
  { id: 'email', label: 'Email', type: 'email' },
  { id: 'spent', label: 'Spent', type: 'price' },
  { id: 'vip', label: 'VIP', type: 'check' },
  { id: 'due', label: 'Due', type: 'fulldate' },
  { id: 'size', label: 'Size', type: 'drop', options: ['S', 'M'] },
  { id: 'colors', label: 'Colors', type: 'list' },
  { id: 'employer', label: 'Employer', type: 'parent', objectTypeId: 150 },
];
const type: ObjectType = { objectTypeId: 10_000, name: 'Thing', plural: 'Things', isBuiltIn: false, fields };
type Rest = Partial<Omit<ResponseMappingRow, 'path' | 'target'>>;
const toField = (path: string, fieldId: string, rest: Rest = {}): ResponseMappingRow => ({
  path,
  target: { kind: 'field', fieldId },
  ...rest,
});
const toVariable = (path: string, name: string, rest: Rest = {}): ResponseMappingRow => ({
  path,
  target: { kind: 'variable', name },
  ...rest,
});
const map = (body: unknown, ...rows: ResponseMapping) =>
  mapResponse({ body: typeof body === 'string' ? body : JSON.stringify(body), isTruncated: false }, rows, type);
const one = (value: unknown, rest: Rest = {}) => map({ v: value }, toVariable('$.v', 'v', rest));

test('takes values out of an answer into fields and variables', () => {
  const answer = { data: { name: 'Ada', total: '12.50', vip: 'yes', due: '2026-11-30', colors: ['red', 'blue'] } };
  expect(
    map(
      answer,
      toField('$.data.name', 'name'),
      toField('$.data.total', 'spent'),
      toField('$.data.vip', 'vip'),
      toField('$.data.due', 'due'),
      toField('$.data.colors', 'colors'),
      toVariable('$.data.total', 'total', { type: 'number' }),
      toVariable('$.data', 'all', { type: 'json' }),
    ),
  ).toEqual({
    fields: { name: 'Ada', spent: 12.5, vip: true, due: '2026-11-30T00:00:00.000Z', colors: ['red', 'blue'] },
    variables: { total: 12.5, all: JSON.stringify(answer.data) },
    problems: [],
  });
});

test.each<[unknown, Rest, unknown]>([
  ['x', {}, 'x'],
  [1.5, {}, 1.5],
  [false, {}, false],
  [null, {}, null],
  [['a', 1, true], {}, ['a', '1', 'true']],
  [42, { type: 'text' }, '42'],
  [['a', 1], { type: 'text' }, 'a, 1'],
  [' 7 ', { type: 'number' }, 7],
  ['No', { type: 'boolean' }, false],
  [1, { type: 'boolean' }, true],
  [{ a: [1] }, { type: 'json' }, '{"a":[1]}'],
  [null, { default: 'none' }, 'none'],
  ['a\ud800b', {}, 'a\ufffdb'],
])('%j with %j becomes %j', (value, rest, expected) => {
  expect(one(value, rest)).toEqual({ fields: {}, variables: { v: expected }, problems: [] });
});

test('a number that JavaScript cannot hold keeps all its digits, as text', () => {
  const body =
    '{"id": 12345678901234567890, "n": -9007199254740993, "text": "1234567890123456789", "share": 0.12345678901234566}';
  const rows = ['id', 'n', 'text', 'share'].map((name) => toVariable(`$.${name}`, name));
  expect(map(body, ...rows).variables).toEqual({
    id: '12345678901234567890',
    n: '-9007199254740993',
    text: '1234567890123456789',
    share: 0.12345678901234566,
  });
});

test('what is not in the answer changes nothing and is told, or gives the default', () => {
  expect(map({ a: 1 }, toField('$.b', 'name'), toField('$.b.c', 'spent', { default: '5' }))).toEqual({
    fields: { spent: 5 },
    variables: {},
    problems: ['$.b leads to nothing in the answer'],
  });
});

test.each([
  ['<html>', /^The answer is not JSON$/],
  ['', /^The answer has no body$/],
])('an answer %j changes nothing but by defaults, and is told once for all rows', (body, says) => {
  const mapped = map(body, toField('$.a', 'name'), toVariable('$.b', 'b'), toVariable('$.c', 'c', { default: 1 }));
  expect(mapped).toEqual({ fields: {}, variables: { c: 1 }, problems: [expect.stringMatching(says)] });
});

test('an answer that was cut off is not guessed at', () => {
  for (const body of ['{"a": 1', '12']) {
    const { problems, variables } = mapResponse({ body, isTruncated: true }, [toVariable('$', 'v')], type);
    expect([variables, problems]).toEqual([{}, ['The answer is longer than the 16 KiB that are read of it']]);
  }
});

test.each<[unknown, ResponseMappingRow, RegExp]>([
  ['many', toField('$.v', 'spent'), /^\$\.v must be a number$/],
  ['XL', toField('$.v', 'size'), /must be one of S, M$/],
  ['nobody', toField('$.v', 'email'), /must be an e-mail address/],
  [{ a: 1 }, toField('$.v', 'name'), /is an object; choose the type "json" or a path into it$/],
  [[{ a: 1 }], toVariable('$.v', 'v'), /is a list; choose the type "json"/],
  [['a'], toField('$.v', 'name'), /must be text$/],
  ['x', toVariable('$.v', 'v', { type: 'number' }), /must be a number$/],
  ['maybe', toVariable('$.v', 'v', { type: 'boolean' }), /must be true or false$/],
  ['x', toField('$.v', 'gone'), /goes to "gone", a field that is gone$/],
])('%j does not fit: the default is taken, and the problem says why', (value, row, says) => {
  expect(map({ v: value }, row)).toEqual({ fields: {}, variables: {}, problems: [expect.stringMatching(says)] });
});

test('a value that does not fit gives the default, with the problem told', () => {
  expect(map({ v: 'many' }, toField('$.v', 'spent', { default: 0 }))).toEqual({
    fields: { spent: 0 },
    variables: {},
    problems: ['$.v must be a number'],
  });
});

test('never throws and stays under 8 KiB, whatever the answer and the rows', () => {
  const row = fc.record({
    path: fc.constantFrom('$', '$.a', '$[0]', '$.a[0]', '$.ä', '$..', '$.a'.padEnd(300, '.ä')),
    target: fc.constantFrom(
      ...fields.map(({ id }) => ({ kind: 'field' as const, fieldId: id })),
      ...['a', 'b', 'c'].map((name) => ({ kind: 'variable' as const, name })),
    ),
    type: fc.constantFrom(undefined, ...MAPPED_TYPES),
    default: fc.constantFrom(undefined, null, 'x'.repeat(990), ['ä'.repeat(200)], 1, true),
  }) as fc.Arbitrary<ResponseMappingRow>;
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    fc.json().map((value) => `{"a":${value},"ä":"${'ö'.repeat(7000)}"}`),
  );
  fc.assert(
    fc.property(body, fc.array(row, { maxLength: 20 }), fc.boolean(), (text, rows, isTruncated) => {
      const mapped = mapResponse({ body: text, isTruncated }, rows, type);
      expect(Buffer.byteLength(JSON.stringify(mapped))).toBeLessThanOrEqual(8192);
    }),
    { numRuns: 200 },
  );
});

test('values beyond 6 KiB are left out and told', () => {
  const rows = [toVariable('$.long', 'long'), toVariable('$.more', 'more'), toVariable('$.short', 'short')];
  expect(map({ long: 'x'.repeat(6000), more: 'y'.repeat(200), short: 'z' }, ...rows)).toEqual({
    fields: {},
    variables: { long: 'x'.repeat(6000), short: 'z' },
    problems: ['$.more is too long: the values of one answer hold 6 KiB at most'],
  });
});

test('an answer nested as deeply as its length allows is told, not thrown', () => {
  const body = `${'['.repeat(8192)}${']'.repeat(8192)}`;
  for (const kind of [...MAPPED_TYPES, undefined])
    expect(map(body, toVariable('$', 'v', kind ? { type: kind } : {}))).toMatchObject({ fields: {} });
});

test('a mapping without mistakes is saved', () => {
  const rows = [
    toField('$.a', 'name', { type: 'json', default: '{}' }),
    toField('$.b', 'spent', { type: 'number', default: '3' }),
    toField('$.c', 'colors', { default: ['red'] }),
    toField('$.d', 'email', { default: null }),
    toVariable("$['a b'][0]", 'order_id'),
  ];
  expect(checkResponseMapping(rows, type)).toEqual([]);
  expect(responseMappingSchema.parse(rows)).toEqual(rows);
});

test.each<[ResponseMappingRow, string, RegExp]>([
  [toVariable('a.b', 'v'), 'path', /must start with \$/],
  [toField('$.a', 'nmae'), 'target.fieldId', /names no field of Things; did you mean "name"\?/],
  [toField('$.a', 'employer'), 'target.fieldId', /is a relation to another record; take the value into a variable/],
  [toField('$.a', 'spent', { type: 'text' }), 'type', /"text" does not fit Spent, a field of type "price"; use number/],
  [toField('$.a', 'colors', { type: 'json' }), 'type', /use text, or leave it out/],
  [toField('$.a', 'spent', { default: 'many' }), 'default', /must be a number/],
  [toVariable('$.a', 'v', { type: 'boolean', default: 'maybe' }), 'default', /must be true or false/],
  [toVariable('$.a', 'first'), 'target', /is there twice: another row sets the variable first/],
])('%j is refused at %s', (row, path, says) => {
  expect(checkResponseMapping([toVariable('$.x', 'first'), row], type)).toEqual([
    { path: `responseMapping.1.${path}`, message: expect.stringMatching(says) },
  ]);
});
