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
  expect(await taskOf(first)).toMatchObject({ ...open, about_record: ada.id });
  expect(await taskOf(second)).toMatchObject({ ...open, about_record: grace.id });
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

test('how a task ended is taken as JSON text, too, and refused where it is too long to keep', async () => {
  const [first = '', second = ''] = await assign({ subject: 'Call' });
  const complete = `object_type_id=0&ids=${first}&data=${encodeURIComponent('{"outcome":"Reached"}')}`;
  expect(await dataOf('POST', '/task/complete', complete)).toEqual({ ids: [first] });
  expect((await taskOf(first)).outcome).toBe('Reached');
  const refused = (data: unknown) => refusalOf('POST', '/task/complete', { ids: [second], data });
  expect(await refused({ outcome: 'x'.repeat(256) })).toEqual([400, 'data.outcome: must be at most 255 characters']);
  expect(await refused('Reached')).toEqual([400, expect.stringMatching(/^data: must be JSON text such as/)]);
  expect((await taskOf(second)).status).toBe('open');
  expect(await dataOf('POST', '/task/complete', { ids: [second], data: { outcome: 'x'.repeat(255) } })).toEqual({
    ids: [second],
  });
  expect((await taskOf(second)).outcome).toHaveLength(255);
});

test('a task can be completed without a word, in each of the ways in which clients say nothing', async () => {
  for (const given of [{}, { data: '' }, { data: [] }, { data: {} }, { data: '[]' }, { data: { outcome: null } }]) {
    const [id = ''] = await assign({ subject: 'Call' });
    expect(await dataOf('POST', '/task/complete', { ids: [id], ...given })).toEqual({ ids: [id] });
    expect(await taskOf(id)).toMatchObject({ status: 'completed', outcome: '' });
  }
});

test('what a task is about is named by its decimal id, to read and to write', async () => {
  const made = await dataOf('POST', '/Tasks', `subject=Call&about_record=${ada.id}`);
  expect(made.about_record).toBe(ada.id);
  const { body: stored } = await api.ada.call('GET', `/v1/records/${made.unique_id}`);
  expect(stored.fields.about_record).toBe(ada.unique_id);
  const moved = await dataOf('PUT', '/Tasks', { id: made.id, about_record: grace.unique_id });
  expect(moved.attrs.about_record).toBe(grace.id);
  expect(await refusalOf('PUT', '/Tasks', { id: made.id, about_record: 999999 })).toEqual([
    422,
    'about_record: there is no record with the id 999999',
  ]);
  expect((await dataOf('PUT', '/Tasks', { id: made.id, about_record: '' })).attrs.about_record).toBe('');
});
