import { expect, test } from '@jest/globals';
import type { FieldValues } from '../schemas/field';
import { fieldSchema } from '../schemas/field';
import { BUILT_IN_OBJECT_TYPES, type ObjectType } from '../schemas/object-type';
import { type WebhookSettings, webhookSettings } from '../schemas/webhook';
import { checkWebhook } from './check-webhook';
import { makeFindTarget } from './merge-labels';
import { type MergeRecord, makeMergeSource } from './merge-values';
import { renderRequest } from './render-request';
import { type Encoding, findMergeFields, renderTemplate } from './render-template';

const typeOf = (id: number, ...more: ObjectType['fields']): ObjectType => {
  const found = BUILT_IN_OBJECT_TYPES.find((type) => type.objectTypeId === id);
  if (!found) throw new Error('no such type');
  return { ...found, isBuiltIn: true, fields: [...found.fields, ...more] };
};
const parent = (id: string, label: string, objectTypeId: number) => ({
  id,
  label,
  type: 'parent' as const,
  objectTypeId,
});

const contact = typeOf(0, parent('employer', 'Employer', 150), parent('broken', 'Broken', 4711));
const company = typeOf(150, parent('owner', 'Owner', 0), parent('mother', 'Mother Company', 150));
const types = new Map([contact, company].map((type) => [type.objectTypeId, type]));
const records: [string, number, FieldValues][] = [
  ['rec_acme', 150, { name: 'Acme & Co', owner: 'rec_bob', mother: 'rec_holding' }],
  ['rec_holding', 150, { name: 'Holding', mother: 'rec_holding' }],
  ['rec_bob', 0, { firstname: 'Bob', employer: 'rec_gone' }],
];
const related = {
  types,
  records: new Map(records.map(([id, objectTypeId, fields]) => [id, { objectTypeId, fields }])),
};
const ada: MergeRecord = { id: 'rec_ada', fields: { firstname: 'Ada', employer: 'rec_acme' }, related };
const render = (template: string, record: MergeRecord = ada, encoding: Encoding = 'text') =>
  renderTemplate(template, makeMergeSource(record, contact), encoding);

test.each([
  ['[Employer//Name]', 'Acme & Co'],
  ['[ employer // NAME ]', 'Acme & Co'],
  ['[<b>Employer</b>//Na\u200bme]', 'Acme & Co'],
  ['[Employer//Record ID] [Employer//Owner//Contact ID]', 'rec_acme rec_bob'],
  ['[Employer//Owner//First Name]', 'Bob'],
  ['[Employer//Mother Company//Mother Company//Name]', 'Holding'],
  ['[Employer]', 'rec_acme'],
  ['[Employer//Owner//Employer//Name|nobody]', 'nobody'],
  ['[Employer//Phone|none]', 'none'],
])('%s is read over the relations it names', (template, output) => {
  expect(render(template)).toBe(output);
});

test.each<[string, MergeRecord]>([
  ['of a deleted record', { ...ada, fields: { employer: 'rec_gone' } }],
  ['of a record of another type', { ...ada, fields: { employer: 'rec_bob' } }],
  ['of no record', { ...ada, fields: {} }],
])('a field %s is empty, so its fallback is sent', (_kind, record) => {
  expect(render('<[Employer//Name]> <[Employer//Name|a friend]>', record)).toBe('<> <a friend>');
});

test('more than three relations, and what is no relation, are no merge fields', () => {
  const find = makeFindTarget(contact, types);
  for (const label of [
    'Employer//Mother Company//Mother Company//Mother Company//Name',
    'City//Name',
    'Employer//',
    'Broken//Name',
  ])
    expect(find(label)).toBeNull();
});

test('[Entry//name] is a variable of the entry, in any case of letters, empty when there is none', () => {
  const record = { ...ada, variables: { order_id: 'A & B', total: 12.5 } };
  expect(render('[Entry//order_id] [ENTRY // Order_ID] [Entry//total] [Entry//none|-]', record)).toBe(
    'A & B A & B 12.5 -',
  );
  expect(render('{"a":[Entry//total],"b":"[Entry//order_id]","c":[Entry//none]}', record, 'json')).toBe(
    '{"a":12.5,"b":"A & B","c":null}',
  );
  expect(render('[Entry//constructor|-]')).toBe('-');
  expect(findMergeFields('[Entry//order_id]', makeFindTarget(contact)).unknown).toEqual([]);
});

test('a request is rendered with related records and variables, each encoded for its place', () => {
  const settings = webhookSettings.parse({
    name: 'n',
    url: 'https://example.com/[Employer//Name]?v=[Entry//v]',
    headers: [{ name: 'X-Employer', value: '[Employer//Name]' }],
    body: '<a b="[Employer//Name]">[Entry//v]</a>',
  });
  const { request } = renderRequest(settings, { ...ada, variables: { v: 'x&y' } }, contact, {
    id: 'd',
    attemptNumber: 1,
  });
  expect(request).toMatchObject({
    url: 'https://example.com/Acme%20%26%20Co?v=x%26y',
    headers: { 'x-employer': 'Acme & Co', 'content-type': 'application/xml' },
    body: '<a b="Acme &#38; Co">x&#38;y</a>',
  });
});

const check = (body: string, changes: Partial<WebhookSettings> = {}) =>
  checkWebhook(webhookSettings.parse({ name: 'n', url: 'https://example.com/', body, ...changes }), contact, {
    allowHttp: false,
    objectTypes: types,
  }).map(({ message }) => message);

test.each([
  ['[Emplyer//Name]', '[Emplyer//Name] names no relation of Contacts; did you mean [Employer//Name]?'],
  ['[Employer//Nmae]', '[Employer//Nmae] names no field of Companies; did you mean [Employer//Name]?'],
  [
    '[Employer//Ownr//Email]',
    '[Employer//Ownr//Email] names no relation of Companies; did you mean [Employer//Owner//Email]?',
  ],
  ['[Xylophones//Name]', '[Xylophones//Name] names no relation of Contacts; choose one of its relations'],
  ['[Broken//Name]', '[Broken//Name] leads to an object type that the account does not have'],
  [
    '[Employer//Owner//Employer//Owner//Email]',
    '[Employer//Owner//Employer//Owner//Email] goes over 4 relations; at most 3 are possible',
  ],
  [
    '[Entry//Order ID]',
    '[Entry//Order ID] names no variable: write [Entry//order_id], with a name of a-z, 0-9 and _ that starts with a letter (at most 64)',
  ],
])('%s is refused when the webhook is saved, and the sentence says what was meant', (body, message) => {
  expect(check(body)).toEqual([message]);
});

test('what can be read over relations, and any variable with a good name, is saved', () => {
  expect(check('{"a":"[Employer//Owner//First Name|x]","b":[Entry//order_id],"c":"[Employer//Record ID]"}')).toEqual(
    [],
  );
  expect(
    check('', { url: 'https://example.com/[Employer//Name]', headers: [{ name: 'x', value: '[Entry//a]' }] }),
  ).toEqual([]);
});

test('a type without relations says how to get one', () => {
  const settings = webhookSettings.parse({ name: 'n', url: 'https://example.com/', body: '[Company//Name]' });
  expect(checkWebhook(settings, typeOf(149), { allowHttp: false })[0]?.message).toMatch(
    /add a field of type "parent" first$/,
  );
});

test('a field of type "parent" names its object type, and no other field does', () => {
  const isField = (field: object) => fieldSchema.safeParse({ id: 'a', label: 'A', ...field }).success;
  expect(isField({ type: 'parent', objectTypeId: 150 })).toBe(true);
  expect(isField({ type: 'parent' })).toBe(false);
  expect(isField({ type: 'text', objectTypeId: 150 })).toBe(false);
  expect(isField({ type: 'parent', objectTypeId: 150, label: 'Entry' })).toBe(false);
  expect(isField({ type: 'text', label: 'Entry' })).toBe(true);
});
