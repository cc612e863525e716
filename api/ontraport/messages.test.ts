import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const call = async (method: string, path: string, body?: object) =>
  (await api.ada.call(method, `/1${path}`, body)).body;

test("messages are made, changed, read and counted in Ontraport's shape", async () => {
  const given = { name: 'Welcome', type: 'e-mail', subject: 'Hello [First Name]', message_body: '<p>Hi</p>' };
  const made = await call('POST', '/message', given);
  expect(made).toMatchObject({ code: 0, account_id: expect.any(Number) });
  const { id } = made.data;
  const whole = { ...given, id, type: 'email', object_type_id: '0', plaintext: '' };
  expect(made.data).toMatchObject(whole);
  expect((await call('PUT', '/message', { id, plaintext: 'Hi' })).data).toEqual({
    attrs: { message_body: '', plaintext: 'Hi', dlm: expect.any(String), id },
  });
  expect((await call('GET', `/Message?id=${id}`)).data).toMatchObject({ ...whole, message_body: '', plaintext: 'Hi' });
  const sms = (await call('POST', '/Messages', { type: 'sms', plaintext: 'See you' })).data;
  expect(sms).toMatchObject({ name: 'Message', type: 'sms', subject: '', plaintext: 'See you' });
  expect((await call('GET', '/Messages?search=welcome')).data.map((row: { id: string }) => row.id)).toEqual([id]);
  expect((await call('GET', '/Messages/getInfo')).data.count).toBe('2');
  expect((await call('GET', '/Messages/meta')).data['7']).toMatchObject({ name: 'Message' });
});

test('what cannot be kept is refused with its reason', async () => {
  const refusal = async (body: object) => {
    const { code, data } = await call('POST', '/message', body);
    return `${code}: ${data}`;
  };
  expect(await refusal({ type: 'template', plaintext: 'x' })).toMatch(
    /type: must be email or sms; templates and tasks/,
  );
  expect(await refusal({ subject: 'x', plaintext: '[Nonsense]' })).toMatch(/422: .*\[Nonsense\] names no field/);
  expect(await refusal({ type: 'sms', message_body: '<p>' })).toMatch(/message_body: an SMS has no HTML/);
  expect(await refusal({ plaintext: 'x' })).toMatch(/subject: /);
  expect((await call('PUT', '/message', { id: 4711, subject: 'x' })).code).toBe(404);
});
