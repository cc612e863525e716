import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openRuleCaller } from '../../tests/servers/open-rule-caller';
import { openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const email = { kind: 'email', name: 'Welcome', subject: 'Welcome, [First Name]', body: 'Dear [First Name|friend]' };
const sms = { kind: 'sms', name: 'Reminder', body: 'See you, [First Name]' };
const create = (settings: object) => api.ada.call('POST', '/v1/messages', { settings });
const problemsWith = async (settings: object) =>
  problemOf(await create(settings)).problems.map(({ path, message }) => `${path}: ${message}`);

test('a message is created, listed, replaced and deleted, and keeps its number', async () => {
  const { status, body } = await create(email);
  expect(status).toBe(201);
  expect(body).toMatchObject({
    id: expect.stringMatching(/^mes_/),
    number: 1,
    settings: { ...email, objectTypeId: 0, format: 'plain' },
  });
  const path = `/v1/messages/${body.id}`;
  expect((await api.ada.call('GET', path)).body).toEqual(body);
  expect((await api.ada.call('GET', '/v1/messages')).body.items).toEqual([body]);
  const html = { ...email, format: 'html', body: '<p>[First Name]</p>' };
  expect((await api.ada.call('PUT', path, { settings: html })).body).toMatchObject({ number: 1, settings: html });
  expect((await create(sms)).body).toMatchObject({ number: 2, settings: { ...sms, objectTypeId: 0 } });
  expect((await api.ada.call('DELETE', path)).body).toEqual({ id: body.id, isDeleted: true });
  for (const method of ['GET', 'DELETE']) expect((await api.ada.call(method, path)).status).toBe(404);
});

test('merge fields that name nothing are refused with the label that was meant, all at once', async () => {
  expect(await problemsWith({ ...email, subject: '[Frist Name]', body: '[Last Nam] [State]' })).toEqual([
    'settings.subject: [Frist Name] names no field of Contacts; did you mean [First Name]?',
    'settings.body: [Last Nam] names no field of Contacts; did you mean [Last Name]?',
  ]);
  expect(await problemsWith({ ...email, objectTypeId: 4711 })).toEqual([
    'settings.objectTypeId: names no object type of the account',
  ]);
});

test('what does not belong to its kind is refused by name', async () => {
  expect((await problemsWith({ ...sms, subject: 'Hello' })).join()).toMatch(/^settings.subject: is not known here/);
  expect((await problemsWith({ kind: 'email', name: 'x', body: 'y' })).join()).toMatch(/^settings.subject: /);
  expect((await problemsWith({ ...sms, body: 'x'.repeat(1601) })).join()).toMatch(/^settings.body: .*1600/);
  expect((await problemsWith({ ...sms, kind: 'fax' })).join()).toMatch(/^settings.kind: /);
});

test('a message that a rule sends is not deleted, and keeps its kind and object type', async () => {
  const { id: messageId } = (await create(email)).body;
  const path = `/v1/messages/${messageId}`;
  const actions = [{ kind: 'send-email', messageId }];
  const ruleId = await openRuleCaller(api).makeRule({ events: [{ type: 'record.created' }], actions });
  const code = async (method: string, settings?: object) =>
    (await api.ada.call(method, path, settings && { settings })).body.code;
  expect(await code('DELETE')).toBe('message.in-use');
  expect(await code('PUT', sms)).toBe('message.in-use');
  expect(await code('PUT', { ...email, objectTypeId: 150, subject: 'x', body: 'y' })).toBe('message.in-use');
  expect(await code('PUT', { ...email, subject: 'Hello' })).toBeUndefined();
  await api.ada.call('DELETE', `/v1/rules/${ruleId}`);
  expect(await code('DELETE')).toBeUndefined();
});
