import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type OntraportCaller, ontraportCaller } from '../../tests/servers/ontraport-caller';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';

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
  for (const several of ['Webhooks', 'WebhookLogs']) {
    expect((await dataOf('GET', `/${several}/getInfo`)).count).toBe('0');
    expect(Object.keys(await dataOf('GET', `/${several}/meta?format=byName`))).toHaveLength(1);
  }
});
