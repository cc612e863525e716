import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { type FieldValue, type FieldValues, fieldValueSchema } from '../schemas/field';
import { BUILT_IN_OBJECT_TYPES, type ObjectType } from '../schemas/object-type';
import { labelsOf, makeFindTarget } from './merge-labels';
import { makeMergeSource } from './merge-values';
import { type Encoding, findMergeFields, renderTemplate } from './render-template';

const typeOf = (id: number): ObjectType => {
  const found = BUILT_IN_OBJECT_TYPES.find((type) => type.objectTypeId === id);
  if (!found) throw new Error('no such type');
  return { ...found, isBuiltIn: true };
};
const contact = makeFindTarget(typeOf(0));
const field = (fieldId: string) => ({ kind: 'field', relations: [], fieldId });
const render = (
  template: string,
  values: Record<string, FieldValue | undefined>,
  encoding: Encoding = 'text',
  type = typeOf(0),
) => renderTemplate(template, makeMergeSource({ id: 'rec_1', fields: values as FieldValues }, type), encoding);

test('finds fields by label whatever its case, and [Record ID] and [Contact ID] for contacts', () => {
  expect(findMergeFields('[first name] [SMS NUMBER] [Record ID] [Contact ID]', contact)).toEqual({
    known: [
      { label: 'first name', target: field('firstname') },
      { label: 'SMS NUMBER', target: field('sms_number') },
      { label: 'Record ID', target: field('id') },
      { label: 'Contact ID', target: field('id') },
    ],
    unknown: [],
  });
  expect(labelsOf(typeOf(149)).has('contact id')).toBe(false);
  expect(labelsOf(typeOf(149)).get('record id')).toBe('id');
});

test('tells a fallback apart from the label', () => {
  expect(findMergeFields('[First Name|there]', contact).known).toEqual([
    { label: 'First Name', target: field('firstname'), fallback: 'there' },
  ]);
});

test('lists what looks like a merge field but names none, and leaves code alone', () => {
  expect(findMergeFields('{"a":["b","c"],"n":[1,2],"x":"[Frist Name]","i":"a[0]"}', contact).unknown).toEqual([
    'Frist Name',
  ]);
});

test('knows labels with characters that unknown ones may not have', () => {
  const type = { ...typeOf(0), fields: [{ id: 'size', label: 'Size (cm), "net": <x>', type: 'text' as const }] };
  expect(render('[Size (cm), "net": ]', { size: '3' }, 'text', type)).toBe('3');
});

test('fills in values and leaves everything else as written', () => {
  expect(render('Hi [First Name] [x] [1] {"a":["b"]}', { firstname: 'Zoë' })).toBe('Hi Zoë [x] [1] {"a":["b"]}');
});

test('looks fields up without the markup and invisible characters in their brackets', () => {
  expect(render('[<b>First</b>\u200b Name] [Last\u00a0Name\u00ad]', { firstname: 'A', lastname: 'B' })).toBe('A B');
});

test.each([[null], [undefined], [''], [[]]])('gives the fallback, or nothing, for %j', (value) => {
  expect(render('<[First Name]> <[First Name|there]>', { firstname: value })).toBe('<> <there>');
});

test('prefers a value to its fallback, 0 and false too', () => {
  expect(render('[Spent|x] [Notes|x]', { spent: 0, notes: false })).toBe('0 false');
});

test('writes lists with commas, booleans as words and lone surrogates as replacement characters', () => {
  expect(render('[Notes] [Title] [City]', { notes: ['a', 'b'], title: true, city: 'x\ud800y' })).toBe(
    'a, b true x\ufffdy',
  );
});

test('does not fill in brackets that a value brings along', () => {
  expect(render('[First Name]', { firstname: '[Email]', email: 'secret' })).toBe('[Email]');
});

test.each<[Encoding, string, string]>([
  ['form', 'a b&c=d+é', 'a+b%26c%3Dd%2B%C3%A9'],
  ['url', 'a b/?#&é', 'a%20b%2F%3F%23%26%C3%A9'],
  ['header', 'a\r\nX-Evil: 1\0', 'a X-Evil: 1 '],
  ['xml', `<b a="1">&'\u0001`, '&#60;b a=&#34;1&#34;&#62;&#38;&#39;'],
  ['text', '<a>&"\n', '<a>&"\n'],
])('escapes for %s', (encoding, value, escaped) => {
  expect(render('[First Name]', { firstname: value }, encoding)).toBe(escaped);
});

test('escapes fallbacks like values', () => {
  expect(render('a=[First Name|x & y]', {}, 'form')).toBe('a=x+%26+y');
});

test.each<[FieldValue | undefined, string, unknown]>([
  [12.5, '[Spent]', 12.5],
  [true, '[Spent]', true],
  ['a"b', '[Spent]', 'a"b'],
  [['a', 'b'], '[Spent]', 'a, b'],
  [null, '[Spent]', null],
  [undefined, '[Spent|0]', 0],
  [undefined, '[Spent|none]', 'none'],
  [Number.NaN, '[Spent]', null],
])('writes %j at the place of a JSON value as one', (value, field, expected) => {
  expect(JSON.parse(render(`{"x": ${field}}`, { spent: value }, 'json'))).toEqual({ x: expected });
});

test('writes a value after an escaped quote inside a JSON string as text', () => {
  expect(JSON.parse(render('{"x": "\\"[Spent]\\\\", "y": [Spent]}', { spent: 1 }, 'json'))).toEqual({
    x: '"1\\',
    y: 1,
  });
});

const anyValue = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', '\\', '<', '>', ']', '[', '&', '\n', '\ud800', '\0', ']]>', 'é', "'") }),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.string()),
);

test('JSON stays valid and says the value, whatever it is', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const text = Array.isArray(value) ? value.join(', ') : String(value ?? '');
      const output = render(
        '{"s":"<[Notes]>","v":[Notes],"a":[[Notes],"[Notes]"],"f":"[Notes|\\"]"}',
        { notes: value },
        'json',
      );
      const parsed = JSON.parse(output) as { s: string };
      expect(parsed.s).toBe(`<${text.replace(/\p{Surrogate}/gu, '\ufffd')}>`);
    }),
  );
});

test('form and URL values come back as they were', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (value) => {
      const form = new URLSearchParams(render('a=[Notes]&b=1', { notes: value }, 'form'));
      expect([...form]).toEqual([
        ['a', value],
        ['b', '1'],
      ]);
      expect(decodeURIComponent(render('[Notes]', { notes: value }, 'url'))).toBe(value);
    }),
  );
});

test('XML stays one element with one text, in CDATA sections too', () => {
  const parser = new XMLParser({ trimValues: false, parseTagValue: false, htmlEntities: true });
  const piece = fc.constantFrom(']', '>', ']]>', '<![CDATA[', '<b>', '</a>', '&lt;', 'é', 'x');
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1 }), (pieces) => {
      const value = pieces.join('');
      for (const template of ['<a>[Notes]</a>', '<a><![CDATA[[Notes]]]></a>', '<a><![CDATA[]][Notes]]]></a>']) {
        const literal = template.includes(']][') ? ']]' : '';
        expect(parser.parse(render(template, { notes: value }, 'xml'))).toEqual({ a: literal + value });
      }
    }),
  );
});

test('never throws on a value that a record may hold', () => {
  const encodings = fc.constantFrom<Encoding>('form', 'json', 'xml', 'url', 'header', 'text');
  fc.assert(
    fc.property(anyValue, encodings, (value, encoding) => {
      if (fieldValueSchema.safeParse(value).success) render('x[Notes]"[Notes|y]', { notes: value }, encoding);
    }),
  );
});

test('200,000 opening brackets take milliseconds', () => {
  const startedAt = performance.now();
  render('['.repeat(200_000), {});
  findMergeFields('['.repeat(200_000), contact);
  expect(performance.now() - startedAt).toBeLessThan(5000);
});
