import { expect, test } from '@jest/globals';
import { describeRedirect } from './describe-redirect';

const url = 'https://example.com/hook';

test.each([
  ['https://evil.example:8443/a?token=secret', 'evil.example:8443', 'evil.example:8443'],
  ['//evil.example/a', 'evil.example', 'evil.example'],
  ['/else?token=secret', 'example.com', 'example.com itself'],
  ['http://me:pw@169.254.169.254/latest', '169.254.169.254', '169.254.169.254'],
  ['javascript:alert(1)', 'no web address', 'nowhere that is a web address'],
  ['http://[', 'no web address', 'nowhere that is a web address'],
])('tells of %s only the host', (location, host, where) => {
  expect(describeRedirect(302, location, url)).toEqual({
    host,
    sentence: `The answer redirects to ${where} (HTTP 302); redirects are not followed.`,
  });
});

test('tells of an answer without a location that it names no host', () => {
  const { host, sentence } = describeRedirect(304, undefined, url);
  expect(host).toBeNull();
  expect(sentence).toContain('HTTP 304');
});
