import { expect, test } from '@jest/globals';
import { type Action, actionSchema } from '../schemas/action';
import type { MessageId } from '../schemas/ids';
import { messageSettings } from '../schemas/message';
import { BUILT_IN_OBJECT_TYPES, type ObjectType } from '../schemas/object-type';
import { ruleSettings } from '../schemas/rule';
import { KNOWN_NOTHING } from '../tests/rendering/known-nothing';
import type { Known } from './check-reference';
import { checkRule } from './check-rule';

const messageOf = (n: number) => `mes_${String(n).padStart(26, '0')}` as MessageId;
const [WELCOME, REMINDER, FOR_DEALS, GONE] = [messageOf(1), messageOf(2), messageOf(3), messageOf(9)];
const objectTypes = new Map(
  BUILT_IN_OBJECT_TYPES.map((type): [number, ObjectType] => [type.objectTypeId, { ...type, isBuiltIn: true }]),
);
const message = (settings: object) => ({ settings: messageSettings.parse({ body: 'Hello', ...settings }) });
const knownOf = (objectTypeId: number): Known => ({
  ...KNOWN_NOTHING,
  objectType: objectTypes.get(objectTypeId) as ObjectType,
  messages: new Map([
    [WELCOME, message({ kind: 'email', name: 'Welcome', subject: 'Hello' })],
    [REMINDER, message({ kind: 'sms', name: 'Reminder' })],
    [FOR_DEALS, message({ kind: 'email', name: 'Won', subject: 'Won', objectTypeId: 149 })],
  ]),
  objectTypes,
});
const problems = (action: object, objectTypeId = 0) => {
  const events = [{ type: 'record.created' }];
  const actions: Action[] = [actionSchema.parse(action)];
  const settings = ruleSettings.parse({ name: 'Rule', objectTypeId, events, actions });
  return checkRule(settings, knownOf(objectTypeId), null).map(({ path, message }) => `${path}: ${message}`);
};

test.each<[object, number]>([
  [{ kind: 'send-email', messageId: WELCOME }, 0],
  [{ kind: 'send-email', messageId: WELCOME, to: '[Email|nobody@example.com]' }, 0],
  [{ kind: 'send-email', messageId: WELCOME, to: '[Title]@example.com' }, 0],
  [{ kind: 'send-email', messageId: FOR_DEALS, to: 'sales@example.com' }, 149],
  [{ kind: 'send-sms', messageId: REMINDER }, 0],
  [{ kind: 'notify', messageId: WELCOME, to: 'sales@example.com' }, 0],
  [{ kind: 'create-record', objectTypeId: 149, fields: { name: 'Of [First Name]', value: '[Spent]', stage: null } }, 0],
  [{ kind: 'create-record', objectTypeId: 17, fields: { quantity: '2' }, relate: 'contact_id' }, 0],
  [{ kind: 'add-note', text: 'Asked for [Company|nothing]' }, 0],
])('%j is fine', (action, objectTypeId) => {
  expect(problems(action, objectTypeId)).toEqual([]);
});

test.each<[object, RegExp, number]>([
  [{ kind: 'send-email', messageId: GONE }, /^actions\.0\.messageId: This message does not exist/, 0],
  [{ kind: 'send-email', messageId: REMINDER }, /^actions\.0\.messageId: .*"Reminder" is an SMS; choose an e-mail/, 0],
  [{ kind: 'send-sms', messageId: WELCOME }, /^actions\.0\.messageId: .*"Welcome" is an e-mail; choose an SMS/, 0],
  [{ kind: 'notify', messageId: FOR_DEALS, to: 'a@example.com' }, /^actions\.0\.messageId: .*another object type/, 0],
  [{ kind: 'send-email', messageId: FOR_DEALS }, /^actions\.0\.to: Deals have no field of type "email"/, 149],
  [{ kind: 'send-email', messageId: WELCOME, to: 'somebody' }, /^actions\.0\.to: This is no e-mail address/, 0],
  [{ kind: 'send-email', messageId: WELCOME, to: '[Emial]' }, /^actions\.0\.to: .*did you mean \[Email\]/, 0],
  [
    { kind: 'send-email', messageId: WELCOME, to: '[Entry//to]' },
    /^actions\.0\.to: \[Entry\/\/to\] has no value here/,
    0,
  ],
  [{ kind: 'create-record', objectTypeId: 4711 }, /^actions\.0\.objectTypeId: names no object type/, 0],
  [
    { kind: 'create-record', objectTypeId: 149, fields: { nam: '[Email]' } },
    /^actions\.0\.fields\.nam: is no field/,
    0,
  ],
  [
    { kind: 'create-record', objectTypeId: 149, fields: { value: 'much' } },
    /^actions\.0\.fields\.value: must be a nu/,
    0,
  ],
  [
    { kind: 'create-record', objectTypeId: 149, fields: { name: '[Nam]' } },
    /^actions\.0\.fields\.name: \[Nam\] names/,
    0,
  ],
  [
    { kind: 'create-record', objectTypeId: 149, relate: 'name' },
    /^actions\.0\.relate: is no relation of Deals to Con/,
    0,
  ],
  [{ kind: 'create-record', objectTypeId: 17, relate: 'product_id' }, /^actions\.0\.relate: is no relation/, 0],
  [
    { kind: 'create-record', objectTypeId: 17, fields: { contact_id: '[Record ID]' }, relate: 'contact_id' },
    /^actions\.0\.fields\.contact_id: is set by "relate" already/,
    0,
  ],
  [{ kind: 'add-note', text: '[Compny]' }, /^actions\.0\.text: .*did you mean \[Company\]/, 0],
])('%j is refused', (action, sentence, objectTypeId) => {
  expect(problems(action, objectTypeId)).toEqual([expect.stringMatching(sentence)]);
});

test.each([
  'a@example.com, b@example.com',
  'Ada <a@example.com>',
  'a@b@c',
  'a b@example.com',
  'a@example.com\nBcc: b@c',
])('somebody to notify is one address: "%s" is none', (to) => {
  expect(actionSchema.safeParse({ kind: 'notify', messageId: WELCOME, to }).success).toBe(false);
});
