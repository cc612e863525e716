import { afterAll, beforeAll, expect, test } from '@jest/globals';
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

test('a merge is refused with itself, with another type, and with what is not there', async () => {
  const recordId = await make({});
  const company = await make({ objectTypeId: 150 });
  const merge = (otherId: string) => post(`/v1/records/${recordId}/merge`, { otherId });
  for (const otherId of [recordId, company, 'rec_00000000000000000000000000'])
    expect(problemOf(await merge(otherId)).problems[0]?.path).toBe('otherId');
  expect((await factsOf(recordId)).map(({ type }: { type: string }) => type)).toEqual(['record.created']);
});
