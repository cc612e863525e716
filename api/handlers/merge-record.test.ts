import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RecordId } from '../../schemas/ids';
import { findEmailDeeds } from '../../store/email-deeds';
import { openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const post = (path: string, body?: unknown) => api.ada.call('POST', path, body);
const make = async (body: unknown) => (await post('/v1/records', body)).body.id as string;
const factsOf = async (recordId: string) =>
  (await api.ada.call('GET', `/v1/events?recordId=${recordId}&limit=200`)).body.items
    .reverse()
    .map(({ fact }: { fact: { type: string } }) => fact);

test('of two records one stays, with what both knew, and both say so', async () => {
  const recordId = await make({ fields: { firstname: 'Ada', email: 'ada@example.com' }, tags: ['Lead'] });
  const otherId = await make({ fields: { firstname: 'A.', city: 'London' }, tags: ['Lead', 'Customer'] });
  const merged = await post(`/v1/records/${recordId}/merge`, { otherId });
  expect(merged.body.fields).toEqual({ firstname: 'Ada', email: 'ada@example.com', city: 'London' });
  expect(merged.body.tags.map(({ name }: { name: string }) => name)).toEqual(['Lead', 'Customer']);
  expect((await api.ada.call('GET', `/v1/records/${otherId}`)).status).toBe(404);
  expect((await factsOf(recordId)).slice(2)).toMatchObject([
    { type: 'field.updated', fieldId: 'city' },
    { type: 'tag.added' },
    { type: 'record.merged', mergedId: otherId },
  ]);
  expect((await factsOf(otherId)).at(-1)).toMatchObject({ type: 'record.deleted' });
});

test('purchases, transactions and tasks of the other become those of the kept one, and what was spent is added up', async () => {
  const recordId = await make({ fields: { firstname: 'Ada' } });
  const otherId = await make({ fields: { firstname: 'A.' } });
  const productId = await make({ objectTypeId: 16, fields: { name: 'Tea', price: 5 } });
  const buy = async (by: string) =>
    (await post('/v1/purchases', { recordId: by, items: [{ productId, quantity: 2 }] })).body;
  await buy(recordId);
  const { purchases, transaction } = await buy(otherId);
  const { body: task } = await post('/v1/tasks', { recordId: otherId, subject: 'Call' });
  const merged = await post(`/v1/records/${recordId}/merge`, { otherId });
  expect([merged.status, merged.body.fields.spent]).toEqual([200, 20]);
  const fieldsOf = async (id: string) => (await api.ada.call('GET', `/v1/records/${id}`)).body.fields;
  expect((await fieldsOf(purchases[0].id)).contact_id).toBe(recordId);
  expect((await fieldsOf(transaction.id)).contact_id).toBe(recordId);
  expect((await fieldsOf(task.id)).about_record).toBe(recordId);
  expect((await factsOf(purchases[0].id)).at(-1)).toMatchObject({
    type: 'field.updated',
    fieldId: 'contact_id',
    before: otherId,
  });
  await post(`/v1/tasks/${task.id}/complete`, {});
  expect((await factsOf(recordId)).at(-1)).toMatchObject({ type: 'task.completed', taskId: task.id });
  expect((await post(`/v1/purchases/${purchases[0].id}/refund`)).status).toBe(200);
  expect((await fieldsOf(recordId)).spent).toBe(10);
});

test('e-mails that the other opened count for the kept one', async () => {
  const [recordId, otherId] = [
    await make({ fields: { firstname: 'Ada' } }),
    await make({ fields: { firstname: 'A.' } }),
  ];
  const opened = (by: string, messageId: string) =>
    post('/v1/events', { type: 'email.opened', recordId: by, messageId });
  for (const [by, messageId] of [
    [recordId, '5'],
    [otherId, '5'],
    [otherId, '7'],
  ] as const)
    expect((await opened(by, messageId)).status).toBeLessThan(300);
  await post(`/v1/records/${recordId}/merge`, { otherId });
  const deeds = async (id: string) =>
    (await findEmailDeeds(api.system.db, id as RecordId))
      .map(({ messageId, count }) => `${messageId}: ${count}`)
      .sort();
  expect(await deeds(recordId)).toEqual(['5: 2', '7: 1']);
  expect(await deeds(otherId)).toEqual([]);
});

test('a merge is refused with itself, with another type, and with what is not there', async () => {
  const recordId = await make({});
  const company = await make({ objectTypeId: 150 });
  const merge = (otherId: string) => post(`/v1/records/${recordId}/merge`, { otherId });
  for (const otherId of [recordId, company, 'rec_00000000000000000000000000'])
    expect(problemOf(await merge(otherId)).problems[0]?.path).toBe('otherId');
  expect((await factsOf(recordId)).map(({ type }: { type: string }) => type)).toEqual(['record.created']);
});
