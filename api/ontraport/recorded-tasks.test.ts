import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type OntraportCaller, ontraportCaller } from '../../tests/servers/ontraport-caller';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
let dataOf: OntraportCaller['dataOf'];
let refusalOf: OntraportCaller['refusalOf'];
let ada: { id: string; unique_id: string };
let grace: { id: string; unique_id: string };
beforeAll(async () => {
  api = await openTestApi();
  ({ dataOf, refusalOf } = ontraportCaller(api.ada));
});
beforeEach(async () => {
  [ada, grace] = [await dataOf('POST', '/Contacts', 'firstname=Ada'), await dataOf('POST', '/Contacts', {})];
});
afterAll(() => api.close());

const taskOf = (id: string) => dataOf('GET', `/Task?id=${id}`);
const assign = async (message: object): Promise<string[]> =>
  (await dataOf('POST', '/task/assign', { object_type_id: 0, ids: [ada.id, grace.id], message })).ids;

test('PHP SDK: a task is assigned to several records, each gets one', async () => {
  const [first = '', second = ''] = await assign({
    subject: 'Call back',
    details: 'About the offer',
    due_date: '1767225600',
    task_owner: 1,
  });
  const open = { subject: 'Call back', message: 'About the offer', status: 'open', due_date: '1767225600' };
  expect(await taskOf(first)).toMatchObject({ ...open, about_record: ada.unique_id });
  expect(await taskOf(second)).toMatchObject({ ...open, about_record: grace.unique_id });
  const byForm = `object_type_id=0&ids=${ada.id}&message[subject]=Write`;
  const [third = ''] = (await dataOf('POST', '/task/assign', byForm)).ids;
  expect(await taskOf(third)).toMatchObject({ subject: 'Write', due_date: '' });
});

test('an assignment that cannot be understood makes no task', async () => {
  const before = await dataOf('GET', '/Tasks/getInfo');
  const refused = (given: object) =>
    refusalOf('POST', '/task/assign', { object_type_id: 0, ids: [ada.id], message: { subject: 'Call' }, ...given });
  expect(await refused({ message: { id: 5 } })).toEqual([
    422,
    expect.stringMatching(/^message.subject: must be given/),
  ]);
  expect(await refused({ message: '{' })).toEqual([400, expect.stringMatching(/^message: must be JSON text/)]);
  expect(await refused({ message: { subject: 'Call', due_date: 7 } })).toEqual([
    400,
    expect.stringMatching(/^message.due_date: must be Unix seconds/),
  ]);
  expect(await refused({ ids: [ada.id, '999999'] })).toEqual([404, expect.stringMatching(/999999/)]);
  expect((await refused({ object_type_id: 150 }))[0]).toBe(404);
  expect(await dataOf('GET', '/Tasks/getInfo')).toEqual(before);
});

test('.NET client: a task is rescheduled while it is open, and opened again when it is not', async () => {
  const [first = '', second = ''] = await assign({ subject: 'Call' });
  expect(await dataOf('POST', '/task/reschedule', { id: Number(first), newtime: 1767225600 })).toEqual({
    ids: [first],
  });
  expect((await taskOf(first)).due_date).toBe('1767225600');
  await dataOf('POST', '/task/complete', { object_type_id: 0, ids: [first], data: { outcome: 'Reached' } });
  await dataOf('POST', '/task/cancel', { objectID: 0, ids: [second] });
  expect(await refusalOf('POST', '/task/reschedule', `id=${first}&newtime=1767312000`)).toEqual([
    422,
    expect.stringMatching(/completed or cancelled/),
  ]);
  expect(await dataOf('POST', '/task/reopen', { ids: [first, second] })).toEqual({ ids: [first, second] });
  expect(await taskOf(first)).toMatchObject({ status: 'open', outcome: '', completed_at: '', due_date: '1767225600' });
  expect((await taskOf(second)).status).toBe('open');
  const before = await taskOf(second);
  await dataOf('POST', '/task/reopen', `ids=${second}`);
  expect(await taskOf(second)).toEqual(before);
  await dataOf('POST', '/task/reschedule', `id=${first}&newtime=1767312000`);
  expect((await taskOf(first)).due_date).toBe('1767312000');
  expect((await refusalOf('POST', '/task/reopen', { ids: [ada.id] }))[0]).toBe(404);
  expect((await refusalOf('POST', '/task/reschedule', `id=${first}&newtime=soon`))[0]).toBe(400);
});
