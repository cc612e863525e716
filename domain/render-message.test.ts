import { expect, test } from '@jest/globals';
import type { FieldValues } from '../schemas/field';
import { messageSettings } from '../schemas/message';
import { BUILT_IN_OBJECT_TYPES, type ObjectType } from '../schemas/object-type';
import { renderMessage } from './render-message';

const contacts: ObjectType = { ...(BUILT_IN_OBJECT_TYPES[0] as ObjectType), isBuiltIn: true };
const email = { kind: 'email', name: 'Welcome', subject: 'Hi [First Name|friend]', body: 'Dear [First Name|friend]' };
const render = (settings: object, fields: FieldValues, recipient: string | null = null) =>
  renderMessage(messageSettings.parse(settings), recipient, { id: 'rec_1', fields }, contacts);

test('merge fields are filled in: as text in plain e-mail and SMS, escaped in HTML', () => {
  const ada = { firstname: 'Ada <3', email: 'ada@example.com', sms_number: ' +49 1 ' };
  const plain = { to: 'ada@example.com', subject: 'Hi Ada <3', format: 'plain', body: 'Dear Ada <3' };
  expect(render(email, ada)).toEqual(plain);
  const html = { ...email, format: 'html', body: '<a title="[First Name]">[First Name]</a>' };
  const body = '<a title="Ada &#60;3">Ada &#60;3</a>';
  expect(render(html, ada)).toEqual({ ...plain, format: 'html', body });
  const sms = { kind: 'sms', name: 'Reminder', body: 'Hi [First Name]' };
  expect(render(sms, ada)).toEqual({ to: '+49 1', subject: '', format: 'plain', body: 'Hi Ada <3' });
  expect(render(email, { email: 'ada@example.com' })).toMatchObject({ subject: 'Hi friend', body: 'Dear friend' });
});

test('no value adds a header or a second recipient', () => {
  const subject = render(email, { firstname: 'Ada\r\nBcc: eve@example.com', email: 'ada@example.com' });
  expect(subject).toMatchObject({ subject: 'Hi Ada Bcc: eve@example.com' });
  for (const title of [
    'a@example.com,eve@example.com',
    'eve@example.com <a@example.com>',
    'a@example.com\neve@example.com',
  ])
    expect(render(email, { title }, '[Title]')).toEqual({ problem: expect.stringMatching(/is no e-mail address$/) });
});

test('who has no address is told of as such', () => {
  expect(render(email, {})).toEqual({ problem: 'the record has no e-mail address' });
  expect(render({ kind: 'sms', name: 'x', body: 'x' }, { sms_number: null })).toEqual({
    problem: 'the record has no SMS number',
  });
  expect(render(email, {}, '[Title|nobody@example.com]')).toMatchObject({ to: 'nobody@example.com' });
});
