import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanLabel, fillPlaceholders, looksLikeLabel, parseTemplate } from './parse-template';

const all = () => true;
const fieldsOf = (template: string, isField: (label: string) => boolean = all) =>
  parseTemplate(template, isField).flatMap((part) => (part.kind === 'field' ? [part.label] : []));

test.each([
  ['[First Name]', ['First Name']],
  ['Hi [First Name|you], [Email]', ['First Name', 'Email']],
  ['[[Email]]', ['Email']],
  ['[Email', []],
  ['[Email\n]', []],
  ['[]', []],
  ['[|x]', []],
  ['[  ]', []],
])('cuts %j at its merge fields', (template, labels) => {
  expect(fieldsOf(template)).toEqual(labels);
});

test.each(['["a","b"]', '["First Name"]', '[1, 2]', '[-1.5e3]', '[true]', '[false, null]', '[ ]', '["a|b"]'])(
  'never takes the JSON array %s for a merge field',
  (template) => {
    expect(fieldsOf(template)).toEqual([]);
  },
);

test.each([
  'items[0]=1',
  'a[x]=1',
  'a[x][y]=1&b[Email]=2',
  'https://h.example/p?filter[Email]=2',
  'a=1&\nb[Email]=2',
  'a[]=1',
])('never takes the key of %s for a merge field', (template) => {
  expect(fieldsOf(template)).toEqual([]);
});

test.each([
  ['a[x]=[Email]', ['Email']],
  ['name=Mr.[Last Name][Suffix]=', ['Last Name', 'Suffix']],
  ['[Label]=x', ['Label']],
  ['Total [Spent]=much', ['Spent']],
  ['a[x]', ['x']],
  ['https://h.example/a[Email]/b', ['Email']],
])('takes brackets in %s that are no key for merge fields', (template, labels) => {
  expect(fieldsOf(template)).toEqual(labels);
});

test('never takes the bracket of a CDATA section for a merge field', () => {
  expect(fieldsOf('<a><![CDATA[Email]]></a>')).toEqual([]);
  expect(fieldsOf('<a><![CDATA[[Email]]]></a>')).toEqual(['Email']);
});

test('cleans labels of what editors leave in them', () => {
  const labels = [
    '<b>First</b> Name',
    'First\u200b Name',
    'Fi\u00adrst  Name\ufeff',
    'First&nbsp;Name',
    'First%20Name',
  ];
  for (const label of [...labels, '<span class="x|y">First\u00a0Name</span> ', '\u202aFirst Name\u202c'])
    expect(cleanLabel(label)).toBe('First Name');
  const invisible = [
    '\u2060',
    '\u115f',
    '\u3164',
    '\u180b',
    '\ufe0f',
    '\u034f',
    '&zwnj;',
    '&#8203;',
    '&#x200B;',
    '\u061c',
  ];
  for (const character of invisible) expect(cleanLabel(`First${character} Na${character}me`)).toBe('First Name');
  for (const space of ['\u2003', '\u2800', '\t', '&#160;', '&#xA0;', '\u3000'])
    expect(cleanLabel(`${space}First${space}Name`)).toBe('First Name');
  expect(cleanLabel('a&#x110000;')).toBe('a&#x110000;');
  expect(cleanLabel('R&amp;D')).toBe('R&D');
  expect(cleanLabel('Pre\u0301nom')).toBe('Pr\u00e9nom');
});

test.each([
  ['Frist Name', true],
  ["O'Neil & Co. #2/b", true],
  ['Größe', true],
  ['x', true],
  ['0', false],
  ['a, b', false],
  ['"a"', false],
  ['a: b', false],
  ['{x}', false],
  ['fe80::1', false],
  ['a'.repeat(81), false],
])('sees whether %j was meant as a merge field', (label, isLabel) => {
  expect(looksLikeLabel(label)).toBe(isLabel);
});

test('puts null for values and text for the inside of strings into JSON', () => {
  const template = '{"a": [Spent], "b\\"": "[Email] [Spent]", "c": ["x", [Email]]}';
  expect(fillPlaceholders(template, all, { isJson: true })).toBe('{"a": null, "b\\"": "x x", "c": ["x", null]}');
  expect(fillPlaceholders('https://[Email]/', all, { standIn: 'y' })).toBe('https://y/');
});

test('loses no text outside of fields', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('[', ']', 'a', '=', '&', '"', '|', '<![CDATA[', '\n', 'É', ' ')), (pieces) => {
      const template = pieces.join('');
      expect(fillPlaceholders(template, () => false)).toBe(template);
      expect(parseTemplate(template, () => false).length).toBeLessThanOrEqual(1);
    }),
  );
});

test.each([
  ['open brackets', '['.repeat(200_000)],
  ['open brackets with text', '[aa'.repeat(70_000)],
  ['closed brackets', '[a]'.repeat(70_000)],
  ['a key that is none', `a${'[x]'.repeat(70_000)}`],
  ['many keys', '&a[x][y'.repeat(30_000)],
  ['open markup', `[${'<'.repeat(200_000)}]`],
  ['spaces', `[${' '.repeat(200_000)}x]`],
  ['a long key', `${'a'.repeat(200_000)}[x]`],
  ['JSON-like beginnings', `[${'1,'.repeat(100_000)}]`],
])('takes no long time over %s', (_kind, template) => {
  const startedAt = performance.now();
  parseTemplate(template, all);
  expect(performance.now() - startedAt).toBeLessThan(5000);
});
