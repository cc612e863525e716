import { expect, test } from '@jest/globals';
import { checkUrl, isHostFixed } from './check-url';

const strict = { allowHttp: false };

test.each([
  'https://example.com/hook',
  'https://example.com:443/',
  'https://example.com:80/',
  'https://example.com:1024/?q=1#f',
  'https://bücher.example/ä b',
  `https://example.com/${'a'.repeat(2028)}`,
  `https://${'a.'.repeat(126)}a/`,
])('accepts %s', (url) => {
  expect(checkUrl(url, strict)).toBeNull();
});

test.each([
  ['not a URL', 'not a url'],
  ['nothing', ''],
  ['http', 'http://example.com/'],
  ['another protocol', 'ftp://example.com/'],
  ['a script', 'javascript:alert(1)'],
  ['a file', 'file:///etc/passwd'],
  ['a user name', 'https://me@example.com/'],
  ['a password', 'https://:pw@example.com/'],
  ['a low port', 'https://example.com:22/'],
  ['port 0', 'https://example.com:0/'],
  ['port 1023', 'https://example.com:1023/'],
  ['a port that is none', 'https://example.com:99999/'],
  ['a long host', `https://${'a.'.repeat(127)}a/`],
  ['a long URL', `https://example.com/${'a'.repeat(2029)}`],
])('refuses %s with a sentence', (_kind, url) => {
  expect(checkUrl(url, strict)).toMatch(/^[A-Z].*\.$/);
});

test('accepts http when the account allows it', () => {
  expect(checkUrl('http://example.com:8080/', { allowHttp: true })).toBeNull();
});

test.each([
  ['https://example.com/[Email]?q=[Email]#[Email]', true],
  ['https://[Email]/', false],
  ['https://[Email].example.com/', false],
  ['https://a.example[Email]/', false],
  ['https://[Email]@example.com/', false],
  ['https:[Email]/x', false],
  ['https:\\\\[Email]\\x', false],
  ['no url [Email]', true],
])('tells whether %s keeps its host', (url, isFixed) => {
  expect(isHostFixed(url, () => true)).toBe(isFixed);
});
