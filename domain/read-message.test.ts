import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Field, fieldSchema } from '../schemas/field';
import { inboundSettings } from '../schemas/inbound';
import { checkInbound } from './check-inbound';
import { DATA_BYTES_MAX, dataOf, readMessage } from './read-message';

const fields: Field[] = [
  { id: 'email', label: 'Email', type: 'email' },
  { id: 'spent', label: 'Spent', type: 'price' },
  { id: 'city', label: 'City', type: 'text' },
].map((field) => fieldSchema.parse(field));
const mapping = [
  { path: '$.customer.email', fieldId: 'email' },
  { path: "$.lines[0]['total price']", fieldId: 'spent' },
  { path: 'city', fieldId: 'city' },
];
const sizeOf = (text: string) => Buffer.byteLength(text);

test('values are read by JSON path or by name, and by the type of their field', () => {
  const message = { customer: { email: ' ada@example.com ' }, lines: [{ 'total price': '12.5' }], city: null };
  expect(readMessage(message, mapping, fields)).toEqual({
    values: { email: 'ada@example.com', spent: 12.5, city: null },
    leftOut: [],
  });
});

test('what is absent stays, and what does not fit is left out and told', () => {
  expect(readMessage({ lines: [{ 'total price': 'much' }], city: { name: 'Paris' } }, mapping, fields)).toEqual({
    values: {},
    leftOut: [
      { path: 'fields.spent', message: 'must be a number' },
      { path: 'fields.city', message: 'must be a value, not an object or a list of them, at city' },
    ],
  });
});

test('the data of the event is the message, or its first members as far as 16 KiB', () => {
  expect(dataOf({ a: 1 }, sizeOf)).toEqual({ a: 1 });
  expect(dataOf([1, 2], sizeOf)).toEqual({ value: [1, 2] });
  const cut = dataOf({ a: 'x', big: 'ü'.repeat(DATA_BYTES_MAX), z: 1 }, sizeOf);
  expect(cut).toEqual({ isCut: true, a: 'x' });
});

test('no message makes the reader fail, and its data is never too large', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (message) => {
      readMessage(message, mapping, fields);
      expect(sizeOf(JSON.stringify(dataOf(message, sizeOf)))).toBeLessThanOrEqual(DATA_BYTES_MAX);
    }),
  );
});

test('settings are checked: paths, fields, and the field that finds the record', () => {
  const check = (settings: object) =>
    checkInbound(inboundSettings.parse({ name: 'x', ...settings }), fields).map(({ path }) => path);
  expect(check({ mapping })).toEqual([]);
  expect(check({ mapping: [{ path: '$.a[*]', fieldId: 'nothing' }] })).toEqual([
    'mapping.0.path',
    'mapping.0.fieldId',
    'matchBy',
  ]);
  expect(check({ mapping: [...mapping, mapping[0]], dedupeBy: { kind: 'path', path: '$..id' } })).toEqual([
    'mapping.3.fieldId',
    'dedupeBy.path',
  ]);
});
