import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { detectContentType, isFormBody } from './detect-content-type';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const XML_TYPE = 'application/xml';
const TEXT_TYPE = 'text/plain; charset=utf-8';

test.each([
  ['{"name":"[First Name]"}', JSON_TYPE],
  ['{"spent": [Spent], "list": ["a", [Name (EN)]]}', JSON_TYPE],
  ['[{"a": 1}]', JSON_TYPE],
  [' \n{}\n', JSON_TYPE],
  ['{"a": [Spent]', TEXT_TYPE],
  ['[First Name]', TEXT_TYPE],
  ['Name=[First Name]&Email=[Email]', FORM_TYPE],
  ['First Name=[First Name]', FORM_TYPE],
  ['a=1&\nb=2&', FORM_TYPE],
  ['items[0]=[Email]&x=', FORM_TYPE],
  ['a=[R&D]&[Label]=1', FORM_TYPE],
  ['Dear [First Name],\nx=1', TEXT_TYPE],
  ['a=1\nb=2', TEXT_TYPE],
  ['a=1&b', TEXT_TYPE],
  ['<a><b>[First Name]</b></a>', XML_TYPE],
  ['<?xml version="1.0"?><a x="[Email]"/>', XML_TYPE],
  ['<a>', TEXT_TYPE],
  ['Hello [First Name]', TEXT_TYPE],
  ['"just text"', TEXT_TYPE],
])('detects %j', (body, contentType) => {
  expect(detectContentType(body, []).contentType).toBe(contentType);
});

test.each(['', '  \n'])('an empty body %j has no content type', (body) => {
  expect(detectContentType(body, [])).toEqual({ contentType: '', encoding: 'text' });
});

test.each([
  ['JSON', JSON_TYPE, 'json'],
  ['json', JSON_TYPE, 'json'],
  ['Form-Encoded', FORM_TYPE, 'form'],
  ['application/vnd.api+json; charset=utf-8', 'application/vnd.api+json; charset=utf-8', 'json'],
  ['text/xml', 'text/xml', 'xml'],
  ['text/html', 'text/html', 'xml'],
  ['text/csv', 'text/csv', 'text'],
])('a Content-Type header %s wins', (value, contentType, encoding) => {
  expect(detectContentType('a=b', [{ name: 'content-TYPE', value }])).toEqual({ contentType, encoding });
});

test('never throws, whatever the body', () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    'a',
    '=',
    '&',
    '{',
    '}',
    '"',
    '[',
    ']',
    '__proto__',
    '<!DOCTYPE',
    '<?',
    ':',
    '/',
  );
  fc.assert(fc.property(fc.array(piece), (pieces) => void detectContentType(pieces.join(''), [])));
});

test.each([['<'], ['<a '], ['<a>'], ['<![CDATA['], ['<!--'], ['<a b="'], ['['], ['{"a":'], ['a=&']])(
  'takes no long time over 65,536 characters of %j',
  (piece) => {
    const startedAt = performance.now();
    detectContentType(piece.repeat(65_536 / piece.length), []);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  },
);

test('tells form data by its pairs', () => {
  expect(isFormBody('a=1&b=[Email]')).toBe(true);
  expect(isFormBody('{"a": 1}')).toBe(false);
});
