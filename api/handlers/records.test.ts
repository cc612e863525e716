import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiAnswer, openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const post = (path: string, body?: unknown) => api.ada.call('POST', path, body);
/** Facts about a record, oldest first. */
const factsOf = async (recordId: string) => {
  const { body } = await api.ada.call('GET', `/v1/events?recordId=${recordId}&limit=200`);
  return body.items.reverse().map(({ fact }: { fact: { type: string } }) => fact.type) as string[];
};

test('a record is created with its tags, and the facts say so', async () => {
  const nudged = api.nudges();
  const made = await post('/v1/records', {
    fields: { firstname: 'Ada', spent: '12.5', birthday: '1815-12-10' },
    tags: ['Customer', 'customer', ' VIP '],
  });
  expect(made.status).toBe(201);
  expect(made.body.fields).toEqual({ firstname: 'Ada', spent: 12.5, birthday: '1815-12-10T00:00:00.000Z' });
  expect(made.body.tags.map(({ name }: { name: string }) => name)).toEqual(['Customer', 'VIP']);
  expect(await factsOf(made.body.id)).toEqual(['record.created', 'tag.added', 'tag.added']);
  expect((await api.ada.call('GET', `/v1/records/${made.body.id}`)).body).toEqual(made.body);
  expect(api.nudges()).toBe(nudged + 1);
});

test('a change writes one fact for each field that differs, and none for those that do not', async () => {
  const { body: made } = await post('/v1/records', { fields: { firstname: 'Ada', lastname: 'L' } });
  const change = (fields: unknown) => api.ada.call('PATCH', `/v1/records/${made.id}`, { fields });
  expect((await change({ firstname: 'Augusta', lastname: 'L', city: 'London' })).body.fields).toEqual({
    firstname: 'Augusta',
    lastname: 'L',
    city: 'London',
  });
  expect((await change({ city: 'London' })).status).toBe(200);
  expect(await factsOf(made.id)).toEqual(['record.created', 'field.updated', 'field.updated']);
  const refused = await change({ firstname: ['a'], nope: 1 });
  expect(problemOf(refused).problems.map(({ path }) => path)).toEqual(['fields.firstname', 'fields.nope']);
});

test('tags are added and removed by name', async () => {
  const { body: made } = await post('/v1/records', { tags: ['Lead'] });
  const { body } = await post(`/v1/records/${made.id}/tags`, { add: ['Buyer'], remove: ['lead', 'never seen'] });
  expect(body.tags.map(({ name }: { name: string }) => name)).toEqual(['Buyer']);
  expect(await factsOf(made.id)).toEqual(['record.created', 'tag.added', 'tag.removed', 'tag.added']);
  expect((await post(`/v1/records/${made.id}/tags`, {})).status).toBe(400);
  const { body: tags } = await api.ada.call('GET', '/v1/tags?limit=200');
  expect(tags.items.map(({ name }: { name: string }) => name)).not.toContain('never seen');
});

test('a deleted record is gone, and the fact stays', async () => {
  const { body: made } = await post('/v1/records', {});
  const deleted = await api.ada.call('DELETE', `/v1/records/${made.id}`);
  expect([deleted.status, deleted.body]).toEqual([200, { id: made.id, isDeleted: true }]);
  expect((await api.ada.call('GET', `/v1/records/${made.id}`)).status).toBe(404);
  expect((await api.ada.call('DELETE', `/v1/records/${made.id}`)).status).toBe(404);
  expect(await factsOf(made.id)).toEqual(['record.created', 'record.deleted']);
});

test('save-or-update changes the record that matches, or creates one', async () => {
  const save = (fields: unknown, matchBy?: string) => post('/v1/records/save-or-update', { fields, matchBy });
  const { body: made } = await save({ email: 'grace@example.com', firstname: 'Grace' });
  const { body: changed } = await save({ email: ' grace@example.com ', city: 'New York' });
  expect([changed.id, changed.fields]).toEqual([
    made.id,
    { email: 'grace@example.com', firstname: 'Grace', city: 'New York' },
  ]);
  const { body: other } = await save({ firstname: 'Grace' }, 'firstname');
  expect(other.id).toBe(made.id);
  expect(problemOf(await save({ firstname: 'x' })).problems[0]?.path).toBe('fields.email');
  expect(problemOf(await save({ nope: 'x' }, 'nope')).problems[0]?.path).toBe('fields.nope');
});

test('30 times save-or-update at once makes one record', async () => {
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      post('/v1/records/save-or-update', { fields: { email: 'one@example.com', city: `City ${index}` } }),
    ),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect((await api.ada.call('GET', '/v1/records?email=one@example.com')).body.items).toHaveLength(1);
});

test('20 records at once with the same new tag make one tag', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => post('/v1/records', { tags: ['Brand new'] })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(answers.map(({ body }) => body.tags[0].id)).size).toBe(1);
});

test('a list goes from the newest to the oldest, page by page, each once', async () => {
  const tag = 'Paged';
  const made: string[] = [];
  for (let n = 0; n < 7; n++) made.push((await post('/v1/records', { tags: [tag] })).body.id);
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body }: ApiAnswer = await api.ada.call(
      'GET',
      `/v1/records?tag=paged&limit=3${cursor && `&cursor=${cursor}`}`,
    );
    seen.push(...body.items.map(({ id }: { id: string }) => id));
    cursor = body.nextCursor;
  }
  expect(seen).toEqual(made.reverse());
  expect((await api.ada.call('GET', '/v1/records?tag=nobody')).body).toEqual({ items: [], nextCursor: null });
});

test('object types are listed, created, and take more fields', async () => {
  const { body: list } = await api.ada.call('GET', '/v1/object-types');
  expect(list.items.map(({ name }: { name: string }) => name)).toContain('Contact');
  const given = { name: 'Boat', plural: 'Boats', fields: [{ id: 'name', label: 'Name', type: 'text' }] };
  const made = await post('/v1/object-types', given);
  expect([made.status, made.body.isBuiltIn]).toEqual([201, false]);
  expect(made.body.objectTypeId).toBeGreaterThanOrEqual(10_000);
  const path = `/v1/object-types/${made.body.objectTypeId}`;
  expect((await post(`${path}/fields`, { id: 'length', label: 'Length', type: 'numeric' })).status).toBe(201);
  expect((await post(`${path}/fields`, { id: 'length', label: 'Other', type: 'numeric' })).status).toBe(409);
  expect((await api.ada.call('GET', path)).body.fields).toHaveLength(2);
  expect((await post('/v1/object-types', given)).status).toBe(409);
  const twice = { ...given, name: 'Ship', fields: [...given.fields, ...given.fields] };
  expect(problemOf(await post('/v1/object-types', twice)).problems.map(({ path: at }) => at)).toEqual([
    'fields.1.id',
    'fields.1.label',
  ]);
  const boat = await post('/v1/records', { objectTypeId: made.body.objectTypeId, fields: { length: '7' } });
  expect(boat.body.fields).toEqual({ length: 7 });
  const { body: boats } = await api.ada.call('GET', `/v1/records?objectTypeId=${made.body.objectTypeId}`);
  expect(boats.items).toEqual([boat.body]);
  expect((await post('/v1/records', { objectTypeId: 77_777 })).status).toBe(404);
});

test('a custom event is written as a fact, up to 16 KiB of data', async () => {
  const { body: made } = await post('/v1/records', {});
  const event = await post('/v1/events', { recordId: made.id, name: 'order.shipped', data: { order: 7 } });
  expect([event.status, event.body.status]).toEqual([201, 'pending']);
  expect((await api.ada.call('GET', `/v1/events/${event.body.id}`)).body).toEqual(event.body);
  const large = { recordId: made.id, name: 'x', data: { text: 'x'.repeat(16_384) } };
  expect(problemOf(await post('/v1/events', large)).problems[0]?.path).toBe('data');
  expect((await post('/v1/events', { recordId: made.id, name: 'Not A Name' })).status).toBe(400);
  const retried = await post(`/v1/events/${event.body.id}/retry`);
  expect([retried.status, problemOf(retried).code]).toEqual([409, 'event.not-parked']);
});

test('a tag that exists is not created again', async () => {
  expect((await post('/v1/tags', { name: 'Once' })).status).toBe(201);
  const again = await post('/v1/tags', { name: 'ONCE' });
  expect([again.status, problemOf(again).code]).toEqual([409, 'tag.exists']);
});
