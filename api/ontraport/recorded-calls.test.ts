import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type OntraportCaller, ontraportCaller } from '../../tests/servers/ontraport-caller';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
let accountId: number;
let send: OntraportCaller['send'];
let dataOf: OntraportCaller['dataOf'];
let refusalOf: OntraportCaller['refusalOf'];
beforeAll(async () => {
  api = await openTestApi();
  accountId = api.ada.account.number;
  ({ send, dataOf, refusalOf } = ontraportCaller(api.ada));
});
afterAll(() => api.close());

test('PHP SDK: objects are created by JSON, read, changed and deleted', async () => {
  const made = await dataOf('POST', '/objects', {
    objectID: 0,
    firstname: 'Ada',
    email: 'ada@example.com',
    spent: 12.5,
  });
  expect(made).toEqual({
    id: expect.stringMatching(/^\d+$/),
    unique_id: expect.stringMatching(/^rec_/),
    owner: '1',
    ...Object.fromEntries(
      'lastname sms_number home_phone office_phone title company website address address2 city state zip country'
        .split(' ')
        .map((name) => [name, '']),
    ),
    birthday: '',
    timezone: '',
    freferrer: '',
    lreferrer: '',
    notes: '',
    firstname: 'Ada',
    email: 'ada@example.com',
    spent: '12.5',
    contact_cat: '',
    date: expect.stringMatching(/^\d{10}$/),
    dlm: expect.stringMatching(/^\d{10}$/),
  });
  const { id, date } = made;
  const whole = await send('GET', `/object?objectID=0&id=${id}`);
  expect(whole.text).toBe(JSON.stringify({ code: 0, data: made, account_id: accountId }));
  expect(whole.headers.get('content-type')).toBe('application/json; charset=utf-8');

  const changed = await dataOf('PUT', '/objects', {
    objectID: 0,
    id: Number(id),
    firstname: 'Augusta',
    birthday: date,
  });
  expect(changed).toEqual({ attrs: { firstname: 'Augusta', birthday: date, dlm: expect.any(String), id } });
  expect(await dataOf('GET', `/Contact?id=${id}`)).toMatchObject({ id, firstname: 'Augusta' });
  expect(await dataOf('GET', '/object/getByEmail?objectID=0&email=ada%40example.com')).toEqual({ id });
  expect(await dataOf('GET', '/object/getByEmail?objectID=0&email=ada%40example.com&all=1')).toEqual({ ids: [id] });
  expect(await dataOf('DELETE', `/object?objectID=0&id=${id}`)).toEqual({ id });
  expect(await refusalOf('GET', `/object?objectID=0&id=${id}`)).toEqual([404, expect.stringContaining('No record')]);
});

test('PHP SDK: saveorupdate by a form creates a record and then merges into it, in both shapes of answer', async () => {
  const first = await dataOf('POST', '/Contacts/saveorupdate', 'firstname=Grace&lastname=&email=grace%40example.com');
  expect(first).toMatchObject({ firstname: 'Grace', email: 'grace@example.com' });
  const again = await dataOf('POST', '/objects/saveorupdate', 'objectID=0&email=grace%40example.com&firstname=Grace+B');
  expect(again).toEqual({ attrs: { firstname: 'Grace B', dlm: expect.any(String), id: first.id } });
  const blank = await dataOf('POST', '/Contacts/saveorupdate', 'ignore_blanks=1&email=grace%40example.com&firstname=');
  expect(blank.attrs.firstname).toBeUndefined();
  const byUniqueId = await dataOf('PUT', '/Contacts', `unique_id=${first.unique_id}&title=Admiral`);
  expect(byUniqueId.attrs.title).toBe('Admiral');
});

test('PHP SDK: tags by id and by name, with lists in each of their spellings', async () => {
  const [{ id: a }, { id: b }] = [
    await dataOf('POST', '/Contacts', {}),
    await dataOf('POST', '/Contacts', 'firstname=B'),
  ];
  await dataOf('PUT', '/objects/tagByName', {
    objectID: 0,
    ids: [Number(a), Number(b)],
    add_names: ['Customer', 'VIP'],
  });
  const [shown] = await dataOf('GET', `/Contacts?ids=${a}`);
  const [, customer, vip] = /^\*\/\*(\d+)\*\/\*(\d+)\*\/\*$/.exec(shown.contact_cat) ?? [];
  await dataOf('DELETE', '/objects/tag', `objectID=0&ids=${a},${b}&remove_list=${vip}`);
  expect((await dataOf('GET', `/Contact?id=${b}`)).contact_cat).toBe(`*/*${customer}*/*`);
  await dataOf('PUT', '/objects/tag', `objectID=0&ids[]=${a}&add_list=${vip}`);
  const tagged = await dataOf('GET', `/objects/tag?objectID=0&tag_id=${vip}`);
  expect(tagged.map((one: { id: string }) => one.id)).toEqual([a]);
  expect(await dataOf('GET', '/objects/tag?objectID=0&tag_name=customer')).toHaveLength(2);
  await dataOf('DELETE', '/objects/tagByName', { ids: [Number(a)], remove_names: ['VIP', 'No such'] });
  expect(await dataOf('GET', `/objects/tag?objectID=0&tag_id=${vip}`)).toEqual([]);
  const [status, message] = await refusalOf('PUT', '/objects/tag', `objectID=0&ids=${a}&add_list=99999`);
  expect([status, message]).toEqual([404, expect.stringContaining('99999')]);
});

test('PHP SDK: collections are paged, sorted, narrowed, counted and told in part', async () => {
  for (const [firstname, spent] of [
    ['P1', 1],
    ['P2', 2],
    ['P3', 3],
  ] as const)
    await dataOf('POST', '/Contacts', { firstname, spent, city: 'Paging' });
  const condition = encodeURIComponent(
    JSON.stringify([
      { field: { field: 'city' }, op: '=', value: { value: 'Paging' } },
      'AND',
      { field: { field: 'spent' }, op: '>', value: { value: '1' } },
    ]),
  );
  const path = `/objects?objectID=0&condition=${condition}&sort=spent&sortDir=desc&listFields=firstname`;
  expect(await dataOf('GET', path)).toEqual([{ firstname: 'P3' }, { firstname: 'P2' }]);
  const page = await send('GET', `${path}&start=1&range=1&count=true`);
  expect(page.text).toBe(`{"code":0,"data":[{"firstname":"P2"}],"account_id":${accountId},"count":2}`);
  expect((await dataOf('GET', `/objects/getInfo?objectID=0&condition=${condition}`)).count).toBe('2');
  expect(await dataOf('GET', '/Contacts?search=pAgIn')).toHaveLength(3);
  expect(await dataOf('DELETE', `/objects?objectID=0&condition=${condition}`)).toEqual({ count: '2' });
  expect(await dataOf('GET', '/Contacts?search=paging')).toHaveLength(1);
});

test('meta tells the fields of each object type, by id and by name', async () => {
  const byId = await dataOf('GET', '/objects/meta?objectID=0');
  expect(Object.keys(byId)).toEqual(['0']);
  expect(byId['0'].fields.birthday).toEqual({
    alias: 'Birthday',
    type: 'fulldate',
    required: '0',
    unique: '0',
    editable: '1',
    deletable: '0',
  });
  expect(Object.keys(await dataOf('GET', '/objects/meta?format=byName'))).toContain('Deal');
  expect(await dataOf('GET', '/Contacts/meta')).toEqual(byId);
});

test('a failure has the envelope, the status of Ontraport and a sentence that names the field', async () => {
  expect(await refusalOf('POST', '/Contacts', 'email=nonsense')).toEqual([
    422,
    expect.stringMatching(/^email: must be/),
  ]);
  expect(await refusalOf('POST', '/Contacts', 'favorite=x')).toEqual([422, 'favorite: is no field of Contacts']);
  expect(await refusalOf('GET', '/objects')).toEqual([400, 'objectID: must be given']);
  expect(await refusalOf('GET', '/objects?objectID=99')).toEqual([404, expect.stringContaining('object type')]);
  expect(await refusalOf('GET', '/Contacts?condition=x')).toEqual([400, 'condition: is not valid JSON']);
  expect(await refusalOf('GET', '/Contacts?range=251')).toEqual([400, 'range: must be at most 250']);
  expect(await refusalOf('GET', '/Contacts?group_id=1')).toEqual([400, expect.stringContaining('no groups')]);
  expect(await refusalOf('DELETE', '/Contacts')).toEqual([400, expect.stringMatching(/^ids: must be given/)]);
  expect(await refusalOf('GET', '/nowhere')).toEqual([404, 'There is no such endpoint in this API.']);
  const broken = await api.ada.call('POST', '/1/Contacts', undefined, { raw: '{"a":' });
  expect([broken.status, broken.body.code]).toEqual([400, 400]);
  const stranger = await api.ada.call('GET', '/1/Contacts', undefined, { headers: { 'api-key': 'wrong' } });
  expect([stranger.status, stranger.body]).toEqual([401, { code: 401, data: expect.any(String), account_id: null }]);
});

test('writes are facts, and tell the pump', async () => {
  const before = api.nudges();
  const { unique_id } = await dataOf('POST', '/Contacts', 'firstname=Fact');
  expect(api.nudges()).toBe(before + 1);
  const { body } = await api.ada.call('GET', `/v1/events?recordId=${unique_id}`);
  expect(body.items.map((one: { fact: { type: string } }) => one.fact.type)).toEqual(['record.created']);
});
