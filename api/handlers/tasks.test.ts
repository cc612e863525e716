import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';
import { markOverdueTasks } from '../../workers/overdue-tasks';

let api: TestApi;
let recordId: string;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const post = (path: string, body?: unknown) => api.ada.call('POST', path, body);
const factsOf = async (id: string) =>
  (await api.ada.call('GET', `/v1/events?recordId=${id}&limit=200`)).body.items
    .reverse()
    .map(({ fact }: { fact: unknown }) => fact)
    .slice(1);
async function makeTask(dueAt?: string) {
  recordId = (await post('/v1/records', { fields: { firstname: 'Ada' } })).body.id;
  return (await post('/v1/tasks', { recordId, subject: 'Call back', dueAt })).body;
}
const at = (day: number) => new Date(Date.UTC(2026, 0, day));
const sweep = (day: number) => markOverdueTasks(api.system.db, at(day));

test('a task is completed once, with its outcome, and the record that it is about is told', async () => {
  const task = await makeTask('2026-12-01T17:00:00+02:00');
  expect(task).toMatchObject({
    objectTypeId: 1,
    fields: { subject: 'Call back', status: 'open', about_record: recordId, due_date: '2026-12-01T15:00:00.000Z' },
  });
  const complete = () => post(`/v1/tasks/${task.id}/complete`, { outcome: 'Reached' });
  const { body } = await complete();
  expect(body.fields).toMatchObject({ status: 'completed', outcome: 'Reached' });
  expect(Date.parse(body.fields.completed_at)).not.toBeNaN();
  expect((await complete()).status).toBe(409);
  expect(await factsOf(recordId)).toEqual([{ type: 'task.completed', taskId: task.id }]);
});

test('a task is cancelled, and one that is about nothing known still ends', async () => {
  const task = await makeTask();
  expect((await post(`/v1/tasks/${task.id}/cancel`)).body.fields.status).toBe('cancelled');
  expect(await factsOf(recordId)).toEqual([{ type: 'task.cancelled', taskId: task.id }]);
  const loose = await post('/v1/records', { objectTypeId: 1, fields: { subject: 'x', status: 'open' } });
  expect((await post(`/v1/tasks/${loose.body.id}/complete`, {})).status).toBe(200);
  expect((await post(`/v1/tasks/${recordId}/cancel`)).status).toBe(404);
  expect(problemOf(await post('/v1/tasks', { recordId, subject: ' ', dueAt: 'soon' })).problems).toHaveLength(2);
});

test('a task that ended is opened again, and can end again; an open one stays as it is', async () => {
  const task = await makeTask();
  expect((await post(`/v1/tasks/${task.id}/reopen`)).body).toEqual(task);
  await post(`/v1/tasks/${task.id}/complete`, { outcome: 'Reached' });
  const { status, body } = await post(`/v1/tasks/${task.id}/reopen`);
  expect([status, body.fields]).toEqual([
    200,
    expect.objectContaining({ status: 'open', outcome: null, completed_at: null }),
  ]);
  expect((await post(`/v1/tasks/${task.id}/cancel`)).body.fields.status).toBe('cancelled');
  expect((await post(`/v1/tasks/${recordId}/reopen`)).body.code).toBe('task.not-found');
});

test('a task that is due becomes overdue once, and once more when it is rescheduled', async () => {
  const overdue = { type: 'task.overdue' };
  const task = await makeTask('2026-01-10T00:00:00Z');
  expect(await sweep(10)).toEqual({ overdue: 0 });
  const sweeps = await Promise.all([sweep(11), sweep(11)]);
  expect(sweeps.reduce((sum, swept) => sum + swept.overdue, 0)).toBe(1);
  expect(await sweep(12)).toEqual({ overdue: 0 });
  expect(await factsOf(recordId)).toMatchObject([overdue]);
  const moved = await post(`/v1/tasks/${task.id}/reschedule`, { dueAt: '2026-01-20T00:00:00Z' });
  expect(moved.body.fields).toMatchObject({ status: 'open', due_date: '2026-01-20T00:00:00.000Z', overdue_at: null });
  expect([await sweep(15), await sweep(21), await sweep(22)]).toEqual([{ overdue: 0 }, { overdue: 1 }, { overdue: 0 }]);
  expect(await factsOf(recordId)).toMatchObject([overdue, overdue]);
  const done = await makeTask('2026-01-10T00:00:00Z');
  await post(`/v1/tasks/${done.id}/complete`, {});
  expect(await sweep(30)).toEqual({ overdue: 0 });
});
