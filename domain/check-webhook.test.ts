import { expect, test } from '@jest/globals';
import { BUILT_IN_OBJECT_TYPES, type ObjectType } from '../schemas/object-type';
import { type WebhookSettings, webhookSettings } from '../schemas/webhook';
import { checkWebhook } from './check-webhook';

const contact: ObjectType = {
  ...(BUILT_IN_OBJECT_TYPES[0] as (typeof BUILT_IN_OBJECT_TYPES)[number]),
  isBuiltIn: true,
};
const check = (changes: Partial<WebhookSettings>, account = { allowHttp: false }) =>
  checkWebhook(webhookSettings.parse({ name: 'n', url: 'https://example.com/hook', ...changes }), contact, account);
const json = [{ name: 'Content-Type', value: 'application/json' }];

test.each<[string, Partial<WebhookSettings>]>([
  ['form data', { body: 'Name=[First Name]&items[0]=[Email|none]' }],
  ['JSON', { body: '{"a":["b",1],"n":"[First Name]","s":[Spent],"id":"[Record ID]"}' }],
  ['XML', { body: '<a><![CDATA[[First Name]]]></a>' }],
  ['a GET with form data', { method: 'GET', body: 'a=[Email]' }],
  ['a GET without a body', { method: 'GET' }],
  ['a POST without a body', { headers: json }],
  [
    'merge fields in path, query and headers',
    { url: 'https://example.com/[Email]?q=[City]', headers: [{ name: 'x', value: '[Email]' }] },
  ],
])('has nothing against %s', (_kind, changes) => {
  expect(check(changes)).toEqual([]);
});

test('tells all problems at once, each with its path', () => {
  const problems = check({
    url: 'http://example.com/[Nope]',
    method: 'GET',
    headers: [
      { name: 'a', value: 'x' },
      { name: 'b', value: '[Frist Name]' },
    ],
    body: '{"a":"[Emial]"}',
  });
  expect(problems.map((problem) => problem.path)).toEqual(['url', 'url', 'headers.1.value', 'body', 'body']);
});

test('names the closest label for an unknown merge field, once for each path', () => {
  expect(check({ body: 'a=[Frist Name]&b=[Frist Name]&c=[record id ]&d=[Recrod ID]' })).toEqual([
    { path: 'body', message: '[Frist Name] names no field of Contacts; did you mean [First Name]?' },
    { path: 'body', message: '[Recrod ID] names no field of Contacts; did you mean [Record ID]?' },
  ]);
});

test('offers no label when none is close', () => {
  expect(check({ body: '[Quarterly Xylophone]' })[0]?.message).toMatch(/choose one of its fields/);
});

test('refuses merge fields in the host name', () => {
  expect(check({ url: 'https://[City].example.com/' }).map((problem) => problem.path)).toEqual(['url']);
});

test('accepts http when the account allows it', () => {
  expect(check({ url: 'http://example.com/' }, { allowHttp: true })).toEqual([]);
});

test.each(['{"a": [Spent]', '{"a": 1[Spent]}', 'a=1', '{"a": [Not Known]}'])('refuses %s as JSON', (body) => {
  expect(check({ headers: json, body }).some((problem) => /not valid JSON/.test(problem.message))).toBe(true);
});

test('refuses a GET with a JSON or text body', () => {
  expect(check({ method: 'GET', body: '{"a":1}' })).toHaveLength(1);
  expect(check({ method: 'GET', body: 'hello' })).toHaveLength(1);
  expect(check({ method: 'GET', body: 'a=1', headers: [{ name: 'content-type', value: 'text/csv' }] })).toHaveLength(1);
});

test('stays quick with a body full of unknown merge fields', () => {
  const startedAt = performance.now();
  const problems = check({
    body: Array.from({ length: 10_000 }, (_, index) => `[x${index}]`)
      .join('')
      .slice(0, 65_536),
  });
  expect(problems).toHaveLength(20);
  expect(performance.now() - startedAt).toBeLessThan(5000);
});
