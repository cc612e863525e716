import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../../lib/ids';
import { RECORDS } from '../../store/records';
import { type OntraportCaller, ontraportCaller } from '../../tests/servers/ontraport-caller';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
let dataOf: OntraportCaller['dataOf'];
let refusalOf: OntraportCaller['refusalOf'];
beforeAll(async () => {
  api = await openTestApi();
  ({ dataOf, refusalOf } = ontraportCaller(api.ada));
});
afterAll(() => api.close());

const conditionOf = (field: string, value: string) => JSON.stringify([{ field: { field }, op: '=', value: { value } }]);
const inCity = (city: string) => `condition=${encodeURIComponent(conditionOf('city', city))}`;
const namesIn = async (city: string): Promise<string[]> =>
  (await dataOf('GET', `/Contacts?${inCity(city)}`)).map(({ firstname }: { firstname: string }) => firstname);

test('deleting takes range, start and sort at their word: nothing else is deleted', async () => {
  for (const firstname of ['C', 'A', 'D', 'B', 'E']) await dataOf('POST', '/Contacts', { firstname, city: 'Gone' });
  expect(await dataOf('DELETE', `/objects?objectID=0&${inCity('Gone')}&range=1`)).toEqual({ count: '1' });
  expect(await namesIn('Gone')).toEqual(['A', 'D', 'B', 'E']);
  const sorted = `/Contacts?${inCity('Gone')}&sort=firstname&start=1&range=1`;
  expect(await dataOf('DELETE', sorted)).toEqual({ count: '1' });
  expect(await namesIn('Gone')).toEqual(['A', 'D', 'E']);
  const last = { objectID: 0, condition: conditionOf('city', 'Gone'), sort: 'firstname', sortDir: 'desc', range: 1 };
  expect(await dataOf('DELETE', '/objects', last)).toEqual({ count: '1' });
  expect(await namesIn('Gone')).toEqual(['A', 'D']);
  expect(await dataOf('DELETE', `/Contacts?${inCity('Gone')}&start=2`)).toEqual({ count: '0' });
  expect(await dataOf('DELETE', `/Contacts?${inCity('Gone')}&start=1`)).toEqual({ count: '1' });
  expect(await namesIn('Gone')).toEqual(['A']);
  const { id } = await dataOf('POST', '/Contacts', { firstname: 'F', city: 'Gone' });
  expect(await dataOf('DELETE', `/Contacts?ids=${id},999999&performAll=1&range=1`)).toEqual({ count: '1' });
  expect(await namesIn('Gone')).toEqual(['A']);
});

test('a range or order that is none deletes nothing, and a range alone chooses nothing', async () => {
  await dataOf('POST', '/Contacts', { firstname: 'Stays', city: 'Kept' });
  const refused = (more: string) => refusalOf('DELETE', `/Contacts?${more}`);
  expect(await refused(`${inCity('Kept')}&range=0`)).toEqual([400, 'range: must be at least 1']);
  expect(await refused(`${inCity('Kept')}&range=501`)).toEqual([400, 'range: must be at most 500']);
  expect(await refused(`${inCity('Kept')}&start=-1`)).toEqual([400, expect.stringMatching(/^start: /)]);
  expect(await refused(`${inCity('Kept')}&sort=no_such`)).toEqual([400, expect.stringMatching(/^sort: "no_such"/)]);
  expect(await refused('range=1')).toEqual([400, expect.stringMatching(/^ids: must be given/)]);
  expect(await namesIn('Kept')).toEqual(['Stays']);
});

test('more than 500 are refused, and some of them deleted where range says how many', async () => {
  const at = new Date();
  const common = {
    accountId: api.ada.account._id,
    objectTypeId: 0,
    tagIds: [],
    eventSeq: 0,
    createdAt: at,
    updatedAt: at,
  };
  const many = Array.from({ length: 501 }, (_, index) => ({
    ...common,
    _id: newId('record'),
    number: 900_000 + index,
    fields: { city: 'Crowd' },
  }));
  await api.system.db.model(RECORDS).insertMany(many);
  const sentence = 'ids: chooses 501 records; at most 500 are deleted at a time';
  expect(await refusalOf('DELETE', `/Contacts?${inCity('Crowd')}`)).toEqual([400, sentence]);
  expect(await dataOf('DELETE', `/Contacts?${inCity('Crowd')}&range=2`)).toEqual({ count: '2' });
  expect((await dataOf('GET', `/Contacts/getInfo?${inCity('Crowd')}`)).count).toBe('499');
});

test('rules are deleted by the same parameters, all of them or none', async () => {
  const tag = await dataOf('POST', '/Tags', 'tag_name=Ruled');
  const make = async (name: string): Promise<string> => {
    const strings = {
      events: `Contact_added_to_category(${tag.id})`,
      actions: `Remove_contact_from_category(${tag.id})`,
    };
    return (await dataOf('POST', '/Rules', { name, object_type_id: 0, ...strings })).id;
  };
  const names = async () => (await dataOf('GET', '/Rules')).map(({ name }: { name: string }) => name);
  const [first, second] = [await make('Old'), await make('Old')];
  await make('New');
  expect(await refusalOf('DELETE', '/Rules')).toEqual([400, expect.stringMatching(/^ids: must be given/)]);
  expect((await refusalOf('DELETE', `/Rules?ids=${first},999`))[0]).toBe(404);
  expect(await names()).toEqual(['Old', 'Old', 'New']);
  const condition = encodeURIComponent(conditionOf('name', 'Old'));
  expect(await dataOf('DELETE', `/Rules?condition=${condition}&sort=id&sortDir=desc&range=1`)).toEqual({ count: '1' });
  expect((await dataOf('GET', `/Rule?id=${first}`)).name).toBe('Old');
  expect((await refusalOf('GET', `/Rule?id=${second}`))[0]).toBe(404);
  expect(await dataOf('DELETE', '/Rules', { ids: [Number(first), Number(first)] })).toEqual({ count: '1' });
  expect(await dataOf('DELETE', '/Rules?search=ol')).toEqual({ count: '0' });
  expect(await names()).toEqual(['New']);
});
