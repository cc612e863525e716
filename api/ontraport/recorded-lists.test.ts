import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { transaction } from '../../store/database';
import { insertDelivery } from '../../store/deliveries';
import { type OntraportCaller, ontraportCaller } from '../../tests/servers/ontraport-caller';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';
import { storedDelivery } from '../../tests/servers/stored';

let api: TestApi;
let dataOf: OntraportCaller['dataOf'];
let refusalOf: OntraportCaller['refusalOf'];
let send: OntraportCaller['send'];
beforeAll(async () => {
  api = await openTestApi();
  ({ dataOf, refusalOf, send } = ontraportCaller(api.ada));
});
afterAll(() => api.close());

test('tag subscribers: a row for each record and tag, of one object type, chosen and paged', async () => {
  const make = async (path: string, names: string[]) => {
    const { id } = await dataOf('POST', path, {});
    if (names.length > 0)
      await dataOf('PUT', '/objects/tagByName', { objectID: path === '/Deals' ? 149 : 0, ids: [id], add_names: names });
    return id;
  };
  const [ada, grace, deal] = [
    await make('/Contacts', ['One', 'Two']),
    await make('/Contacts', ['Two']),
    await make('/Deals', ['Two']),
  ];
  await make('/Contacts', []);
  const [one, two] = (await dataOf('GET', '/Tags')).map(({ id }: { id: string }) => id);
  const row = (record: string, tag: string, type = '0') => ({
    id: `${record}-${tag}`,
    object_id: record,
    object_type_id: type,
    tag_id: tag,
  });
  expect(await dataOf('GET', '/TagSubscribers')).toEqual([row(ada, one), row(ada, two), row(grace, two)]);
  expect(await dataOf('GET', '/TagSubscribers?object_type_id=149')).toEqual([row(deal, two, '149')]);
  expect(await dataOf('GET', '/TagSubscribers?start=1&range=1')).toEqual([row(ada, two)]);
  const ofTwo = encodeURIComponent(`[{"field":{"field":"tag_id"},"op":"=","value":{"value":"${two}"}}]`);
  const { body } = await send('GET', `/TagSubscribers?condition=${ofTwo}&sortDir=desc&count=1`);
  expect(body).toMatchObject({ data: [row(grace, two), row(ada, two)], count: 2 });
  expect((await dataOf('GET', `/TagSubscribers/getInfo?condition=${ofTwo}`)).count).toBe('2');
  expect((await dataOf('GET', '/TagSubscribers/meta'))['138'].fields).toHaveProperty('tag_id');
  const other = encodeURIComponent('[{"field":{"field":"email"},"op":"=","value":{"value":"x"}}]');
  expect(await refusalOf('GET', `/TagSubscribers?condition=${other}`)).toEqual([400, expect.stringMatching(/email/)]);
  expect((await api.bob.call('GET', '/1/TagSubscribers')).body.data).toEqual([]);

  const ids = `${ada}-${two},${grace}-${two},${grace}-${one}`;
  expect(await dataOf('GET', `/TagSubscribers?ids=${ids}&listFields=id`)).toEqual([
    { id: `${ada}-${two}` },
    { id: `${grace}-${two}` },
  ]);
  expect((await dataOf('GET', `/TagSubscribers/getInfo?ids=${ids}`)).count).toBe('2');
  expect(await dataOf('GET', '/TagSubscribers?sort=tag_id&sortDir=desc')).toEqual([
    row(grace, two),
    row(ada, two),
    row(ada, one),
  ]);
  const refused = async (more: string) => (await refusalOf('GET', `/TagSubscribers?${more}`))[1];
  expect(await refused(`ids=${ada}`)).toMatch(/^ids.0: must be the ids of a record and a tag/);
  expect(await refused('sort=email')).toMatch(/^sort: must be one of id, object_id, tag_id/);
  expect(await refused('search=Two')).toMatch(/^search: there is no text to search in/);
  expect(await refused('group_id=1')).toMatch(/^group_id: there are no groups/);
});

test('rows of the webhook log are chosen by their ids; numbers, which they do not have, are refused', async () => {
  const { db } = api.system;
  const rows = [0, 1, 2].map(() => storedDelivery({ accountId: api.ada.account._id }));
  const bobs = storedDelivery({ accountId: api.bob.account._id });
  for (const row of [...rows, bobs]) await transaction(db, (session) => insertDelivery(db, session, row));
  const [first, , third] = rows.map(({ _id }) => _id);
  const listed = await dataOf('GET', `/WebhookLogs?ids=${third},${first},${bobs._id}&listFields=id`);
  expect(listed).toEqual([{ id: first }, { id: third }]);
  expect((await dataOf('GET', `/WebhookLogs/getInfo?ids=${first}`)).count).toBe('1');
  expect(await refusalOf('GET', '/WebhookLogs?ids=31')).toEqual([400, expect.stringMatching(/^ids.0: must be dlv_/)]);
});

test('the purchase history is the purchases', async () => {
  const contact = await dataOf('POST', '/Contacts', { firstname: 'Ada' });
  const { unique_id: productId } = await dataOf('POST', '/Products', { name: 'Tea', price: 5 });
  const items = [{ productId, quantity: 2 }];
  expect((await api.ada.call('POST', '/v1/purchases', { recordId: contact.unique_id, items })).status).toBe(201);
  const [row] = await dataOf('GET', '/PurchaseHistoryLogs');
  expect(row).toMatchObject({ contact_id: contact.id, name: 'Tea', quantity: '2', total_price: '10' });
  expect(await dataOf('GET', `/PurchaseHistoryLog?id=${row.id}`)).toEqual(row);
  expect((await dataOf('GET', '/PurchaseHistoryLogs/getInfo')).count).toBe('1');
});

test.each(['Group', 'LandingPage', 'OpenOrder', 'CreditCard', 'Order', 'Offer'])(
  'of the kind %s clients are told that there is none',
  async (one) => {
    expect(await dataOf('GET', `/${one}s?range=50&sort=date`)).toEqual([]);
    expect((await send('GET', `/${one}s?count=1`)).body.count).toBe(0);
    expect((await dataOf('GET', `/${one}s/getInfo`)).count).toBe('0');
    expect(Object.values(await dataOf('GET', `/${one}s/meta`))).toEqual([expect.objectContaining({ name: one })]);
    expect(await refusalOf('GET', `/${one}?id=1`)).toEqual([404, expect.stringMatching(/There are no /)]);
    expect((await refusalOf('GET', `/${one}`))[0]).toBe(400);
  },
);

test('webhooks and their log tell their fields and how many there are', async () => {
  for (const [several, count] of [
    ['Webhooks', '0'],
    ['WebhookLogs', '3'],
  ]) {
    expect((await dataOf('GET', `/${several}/getInfo`)).count).toBe(count);
    expect(Object.keys(await dataOf('GET', `/${several}/meta?format=byName`))).toHaveLength(1);
  }
});

test('rules tell their fields and how many there are, and several are deleted at once', async () => {
  const events = 'field_is_updated(email)';
  const make = async (name: string): Promise<string> => {
    const { id: tag } = await dataOf('POST', '/Tags', { tag_name: name });
    const actions = `Add_contact_to_category(${tag})`;
    return (await dataOf('POST', '/Rules', { name, object_type_id: 0, events, actions })).id;
  };
  const [first, second, third] = [await make('R1'), await make('R2'), await make('R3')];
  const { '6': described } = await dataOf('GET', '/Rules/meta');
  expect(Object.keys(described.fields)).toEqual(
    expect.arrayContaining('id name object_type_id events conditions actions pause last_action'.split(' ')),
  );
  expect((await dataOf('GET', '/Rules/meta?format=byName')).Rule).toMatchObject({ name: 'Rule', object_type_id: '6' });
  expect((await dataOf('GET', '/Rules/getInfo')).count).toBe('3');
  expect((await refusalOf('DELETE', '/Rules'))[0]).toBe(400);
  expect((await dataOf('GET', '/Rules/getInfo')).count).toBe('3');
  expect((await send('DELETE', `/Rules?ids=${first},${third}`)).body).toMatchObject({ code: 0 });
  expect(await dataOf('GET', '/Rules')).toMatchObject([{ id: second, name: 'R2', events }]);
});

test('forms tell their fields and how many there are', async () => {
  const settings = { name: 'Newsletter', fields: [{ fieldId: 'email' }], redirectUrl: 'https://example.com/thanks' };
  const { body: form } = await api.ada.call('POST', '/v1/forms', { settings });
  const { '122': described } = await dataOf('GET', '/Forms/meta');
  expect(described).toMatchObject({ name: 'Form', fields: { formname: { alias: 'Name' }, object_type_id: {} } });
  expect(Object.keys(await dataOf('GET', '/Forms/meta?format=byName'))).toEqual(['Form']);
  const { listFields, count } = await dataOf('GET', '/Forms/getInfo');
  expect([count, listFields]).toEqual(['1', expect.arrayContaining(['formname'])]);
  const row = { id: String(form.number), formname: 'Newsletter', object_type_id: '0', deleted: '0' };
  expect(await dataOf('GET', '/Forms')).toMatchObject([{ ...row, redirect: 'https://example.com/thanks' }]);
});
