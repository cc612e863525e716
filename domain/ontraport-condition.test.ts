import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import sift from 'sift';
import { CONDITION_OPERATORS } from '../schemas/ontraport-condition';
import { type Column, parseCondition } from './ontraport-condition';

const COLUMNS: Column[] = [
  { name: 'email', path: 'fields.email', kind: 'text' },
  { name: 'spent', path: 'fields.spent', kind: 'number' },
  { name: 'vip', path: 'fields.vip', kind: 'boolean' },
  { name: 'birthday', path: 'fields.birthday', kind: 'instant' },
  { name: 'date', path: 'createdAt', kind: 'date' },
  {
    name: 'colors',
    path: 'fields.colors',
    kind: 'list',
    stored: (text) => ({ '1': 'Red', '2': 'Blue' })[text] ?? text,
  },
];
const one = (field: string, op: string, value: unknown) => ({ field: { field }, op, value: { value } });
const listed = (field: string, op: string, ...values: unknown[]) => ({
  field: { field },
  op,
  value: { list: values.map((value) => ({ value })) },
});
const parse = (...parts: unknown[]) => parseCondition(JSON.stringify(parts), COLUMNS);
const filterOf = (...parts: unknown[]) => {
  const { filter, problems } = parse(...parts);
  expect(problems).toEqual([]);
  return filter;
};
const messageOf = (...parts: unknown[]) => parse(...parts).problems[0]?.message;

test('each operator becomes its filter, with values of the type of the column', () => {
  expect(filterOf(one('email', '=', 'a@b.c'))).toEqual({ 'fields.email': { $eq: 'a@b.c' } });
  expect(filterOf(one('spent', '>', '12.5'))).toEqual({ 'fields.spent': { $gt: 12.5 } });
  expect(filterOf(one('vip', '=', 1))).toEqual({ 'fields.vip': { $eq: true } });
  expect(filterOf(one('birthday', '>=', 0))).toEqual({ 'fields.birthday': { $gte: '1970-01-01T00:00:00.000Z' } });
  expect(filterOf(one('date', '<', '86400'))).toEqual({ createdAt: { $lt: new Date('1970-01-02T00:00:00Z') } });
  expect(filterOf(listed('spent', 'in', 1, '2'))).toEqual({ 'fields.spent': { $in: [1, 2] } });
  expect(filterOf(listed('email', 'NOT IN', 'a'))).toEqual({ 'fields.email': { $nin: ['a'] } });
  expect(filterOf(one('email', 'IS', 'NULL'))).toEqual({ 'fields.email': { $in: [null, ''] } });
  expect(filterOf(one('email', '<>', ''))).toEqual({ 'fields.email': { $nin: [null, ''] } });
  expect(filterOf(one('email', 'LIKE', '%@b.c'))).toEqual({
    'fields.email': { $regex: '^.*@b\\.c$', $options: 'is' },
  });
  expect(filterOf(one('colors', 'CONTAINS', '2'))).toEqual({ 'fields.colors': { $eq: 'Blue' } });
  expect(filterOf(one('colors', 'DOES NOT CONTAIN', 1))).toEqual({ 'fields.colors': { $not: { $eq: 'Red' } } });
  expect(filterOf(one('email', 'CONTAINS', 'a.*'))).toEqual({
    'fields.email': { $regex: 'a\\.\\*', $options: 'i' },
  });
});

test('AND and OR are read from left to right', () => {
  const [a, b, c] = [one('spent', '=', 1), one('spent', '=', 2), one('email', '=', 'x')];
  const is = (value: unknown, path = 'fields.spent') => ({ [path]: { $eq: value } });
  expect(filterOf(a, 'OR', b, 'and', c)).toEqual({ $and: [{ $or: [is(1), is(2)] }, is('x', 'fields.email')] });
  expect(filterOf(a, 'OR', b, 'OR', c)).toEqual({ $or: [is(1), is(2), is('x', 'fields.email')] });
});

test('each mistake is said with its place', () => {
  expect(parseCondition('{', COLUMNS).problems).toEqual([{ path: 'condition', message: 'is not valid JSON' }]);
  expect(messageOf(one('email', '=', 'x'), 'AND')).toMatch(/must be a JSON array/);
  expect(messageOf(one('phone', '=', 'x'))).toMatch(/"phone", which there is not/);
  expect(messageOf(one('email', '~', 'x'))).toMatch(/unknown "op"; must be one of =, <>/);
  expect(messageOf({ field: 'email', op: '=', value: 'x' })).toMatch(/must be \{"field"/);
  expect(messageOf(one('spent', '=', 'much'))).toMatch(/"spent" with a value that is no number/);
  expect(messageOf(one('date', '=', 'soon'))).toMatch(/neither Unix seconds nor a date/);
  expect(messageOf(listed('email', '=', 'a', 'b'))).toMatch(/gives a list to =/);
  expect(messageOf(one('spent', 'LIKE', '1'))).toMatch(/for texts/);
  expect(messageOf(one('email', 'LIKE', '%a'.repeat(10)))).toMatch(/more than 9 times %/);
  expect(parse(one('email', '=', 'x'), 'XOR', one('email', '=', 'y')).problems[0]?.path).toBe('condition.1');
  expect(
    messageOf(
      ...Array(101)
        .fill(one('email', '=', 'x'))
        .flatMap((t, i) => (i ? ['OR', t] : [t])),
    ),
  ).toMatch(/50/);
});

test('no condition brings an operator, a path or an expression of its own', () => {
  const allowed = new Set([...'$and $or $eq $ne $gt $lt $gte $lte $in $nin $not $regex $options'.split(' ')]);
  const paths = new Set(COLUMNS.map(({ path }) => path));
  const check = (node: unknown): void => {
    if (Array.isArray(node)) for (const inner of node) check(inner);
    if (typeof node !== 'object' || node === null || node instanceof Date || Array.isArray(node)) return;
    for (const [key, inner] of Object.entries(node)) {
      expect(allowed.has(key) || paths.has(key)).toBe(true);
      check(inner);
    }
  };
  const odd = fc.oneof(
    fc.constantFrom('$where', '$gt', '.*', '(?=', '__proto__', 'fields.email', '%', '\\'),
    fc.string(),
  );
  const value = fc.oneof(odd, fc.double(), fc.boolean(), fc.constant(null), fc.dictionary(odd, fc.anything()));
  const name = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...COLUMNS.map(({ name }) => name)) },
    { arbitrary: odd, weight: 1 },
  );
  const op = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...CONDITION_OPERATORS) }, { arbitrary: odd, weight: 1 });
  const some = fc.oneof(
    fc.tuple(name, op, value).map(([field, how, what]) => one(field, how, what)),
    fc.tuple(name, op, fc.array(value)).map(([field, how, what]) => listed(field, how, ...what)),
  );
  const rest = fc.array(fc.tuple(fc.constantFrom('AND', 'OR'), some), { maxLength: 4 });
  fc.assert(
    fc.property(some, rest, fc.object(), (head, tail, facts) => {
      const { filter } = parse(head, ...tail.flat());
      check(filter);
      if (filter) sift(filter as never)(facts);
    }),
    { numRuns: 3000 },
  );
  fc.assert(fc.property(fc.string(), (text) => void parseCondition(text, COLUMNS)));
  fc.assert(fc.property(fc.json(), (text) => void parseCondition(text, COLUMNS)));
});
