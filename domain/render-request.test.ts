import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FieldValues } from '../schemas/field';
import { BUILT_IN_OBJECT_TYPES, type ObjectType } from '../schemas/object-type';
import { type WebhookSettings, webhookSettings } from '../schemas/webhook';
import { renderRequest } from './render-request';

const contact: ObjectType = {
  ...(BUILT_IN_OBJECT_TYPES[0] as (typeof BUILT_IN_OBJECT_TYPES)[number]),
  isBuiltIn: true,
};
const delivery = { id: 'dlv_1', attemptNumber: 3 };
const makeSettings = (changes: Partial<WebhookSettings>): WebhookSettings =>
  webhookSettings.parse({ name: 'n', url: 'https://example.com/hook', ...changes });
const render = (changes: Partial<WebhookSettings>, fields: FieldValues = {}) =>
  renderRequest(makeSettings(changes), { id: 'rec_1', fields }, contact, delivery);

test('renders a JSON request whole', () => {
  const settings = {
    url: 'https://example.com/[Record ID]?n=[First Name]',
    headers: [{ name: 'Authorization', value: 'Bearer [Notes]' }],
    body: '{"name":"[First Name]","spent":[Spent],"id":"[Contact ID]"}',
  };
  expect(render(settings, { firstname: 'Zoë "Z"', spent: 3, notes: 'k' })).toEqual({
    problem: null,
    request: {
      method: 'POST',
      url: 'https://example.com/rec_1?n=Zo%C3%AB%20%22Z%22',
      headers: {
        'user-agent': 'Hookline/0.1',
        authorization: 'Bearer k',
        'content-type': 'application/json',
        'accept-encoding': 'identity',
        'webhook-id': 'dlv_1',
        'webhook-attempt': '3',
        'idempotency-key': 'dlv_1',
      },
      body: '{"name":"Zoë \\"Z\\"","spent":3,"id":"rec_1"}',
      contentType: 'application/json',
    },
  });
});

test('sends form data with nothing but encoded characters', () => {
  const { request } = render({ body: 'Full Name=[First Name]&\nnote=ä b%20c&x=1+1' }, { firstname: 'a&b=c\nd' });
  expect(request?.body).toBe('Full+Name=a%26b%3Dc%0Ad&note=%C3%A4+b%20c&x=1+1');
  expect(request?.contentType).toBe('application/x-www-form-urlencoded');
});

test('puts the form data of a GET into the query, behind what stands there, and drops the fragment', () => {
  const { request } = render(
    { method: 'GET', url: 'https://example.com/h?a=1#frag', body: 'n=[First Name]&b=2' },
    { firstname: 'x y' },
  );
  expect(request).toMatchObject({ url: 'https://example.com/h?a=1&n=x+y&b=2', body: null, contentType: '' });
  expect(request?.headers).not.toHaveProperty('content-type');
});

test('sends no body and no content type when there is none', () => {
  const { request } = render({ body: '' });
  expect(request).toMatchObject({ body: null, contentType: '' });
  expect(request?.headers).not.toHaveProperty('content-type');
});

test('sends the Content-Type that the settings name, with words written out', () => {
  const named = (value: string) => render({ body: 'x', headers: [{ name: 'Content-Type', value }] }).request?.headers;
  expect(named('Form-encoded')).toMatchObject({ 'content-type': 'application/x-www-form-urlencoded' });
  expect(named('text/csv')).toMatchObject({ 'content-type': 'text/csv' });
});

test('lets the settings change the User-Agent but not how answers are compressed', () => {
  const headers = [
    { name: 'User-Agent', value: 'mine' },
    { name: 'Accept-Encoding', value: 'gzip' },
  ];
  expect(render({ headers }).request?.headers).toMatchObject({ 'user-agent': 'mine', 'accept-encoding': 'identity' });
});

test('joins rows of the same header name', () => {
  const headers = [
    { name: 'X-A', value: '1' },
    { name: 'x-a', value: '2' },
    { name: '__proto__', value: '3' },
  ];
  const sent = render({ headers }).request?.headers;
  expect(sent?.['x-a']).toBe('1, 2');
  expect(Object.hasOwn(sent ?? {}, '__proto__')).toBe(true);
});

test('keeps a value in one header line', () => {
  const { request } = render({ headers: [{ name: 'X-A', value: '[Notes]' }] }, { notes: 'a\r\nEvil: 1\u0000 你' });
  expect(request?.headers['x-a']).toBe('a Evil: 1  你');
});

test.each(['..', '.', '%2e%2e'])('never lets the value %j lead to another path', (value) => {
  const rendering = render({ url: 'https://example.com/[Notes]/secret' }, { notes: value });
  if (rendering.request) expect(rendering.request.url).toBe('https://example.com/%252e%252e/secret');
  else expect(rendering.problem).toMatch(/another path/);
});

test('keeps an empty value as an empty part of the path', () => {
  expect(render({ url: 'https://example.com/[Notes]/x' }).request?.url).toBe('https://example.com//x');
});

test.each([
  ['a merge field in the host', { url: 'https://[Notes].example.com/' }],
  ['a URL that is none', { url: 'nope' }],
  ['a user name', { url: 'https://me@example.com/' }],
  ['a URL that grows too long', { url: 'https://example.com/[Notes]' }],
  ['a GET with a JSON body', { method: 'GET' as const, body: '{"a":1}' }],
  ['a body that grows over 1 MiB', { body: '[Notes]'.repeat(600) }],
])('tells the problem of %s instead of a request', (_kind, changes) => {
  const { request, problem } = render(changes, { notes: 'n'.repeat(2048) });
  expect(request).toBeNull();
  expect(problem).toMatch(/^[A-Z].*\.$/);
});

test('takes nothing from beyond the fields of the record', () => {
  const type = { ...contact, fields: [{ id: 'constructor', label: 'Odd', type: 'text' as const }] };
  const rendering = renderRequest(makeSettings({ body: 'x[Odd]' }), { id: 'rec_1', fields: {} }, type, delivery);
  expect(rendering.request?.body).toBe('x');
});

test('never throws, and keeps host and protocol, whatever the values', () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('/', '//evil', '@evil', '\\', '?', '#', '\ud800'),
  );
  fc.assert(
    fc.property(value, fc.constantFrom('GET' as const, 'PUT' as const), (notes, method) => {
      const { request } = render(
        {
          method,
          url: 'https://example.com/a/[Notes]?[Notes]=[Notes]',
          body: 'a=[Notes]',
          headers: [{ name: 'x', value: '[Notes]' }],
        },
        { notes },
      );
      if (request) expect(new URL(request.url).origin).toBe('https://example.com');
    }),
  );
});
