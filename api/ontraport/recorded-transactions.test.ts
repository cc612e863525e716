import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type OntraportCaller, ontraportCaller } from '../../tests/servers/ontraport-caller';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
let dataOf: OntraportCaller['dataOf'];
let refusalOf: OntraportCaller['refusalOf'];
let tea: { id: string; unique_id: string };
let cup: { id: string; unique_id: string };
let ada: { id: string; unique_id: string };
beforeAll(async () => {
  api = await openTestApi();
  ({ dataOf, refusalOf } = ontraportCaller(api.ada));
  tea = await dataOf('POST', '/Products', { name: 'Tea', price: 5 });
  cup = await dataOf('POST', '/Products', { name: 'Cup', price: 8 });
});
beforeEach(async () => {
  ada = await dataOf('POST', '/Contacts', { firstname: 'Ada' });
});
afterAll(() => api.close());

const log = (more: object = {}) => ({
  contact_id: Number(ada.id),
  chargeNow: 'chargeLog',
  invoice_template: 1,
  offer: {
    products: [
      { id: Number(tea.id), quantity: 2, price: [{ price: 4.5, payment_count: 1 }], type: 'single' },
      { id: cup.id },
    ],
  },
  ...more,
});
const sell = async (): Promise<string> => (await dataOf('POST', '/transaction/processManual', log())).invoice_id;
const spent = async () => (await dataOf('GET', `/Contact?id=${ada.id}`)).spent;
const transaction = (id: string) => dataOf('GET', `/Transaction?id=${id}`);
const statuses = async () => {
  const rows: { contact_id: string; status: string }[] = await dataOf('GET', '/Purchases?sortDir=desc');
  return rows.filter((row) => row.contact_id === ada.id).map(({ status }) => status);
};
const toldOf = async (): Promise<string[]> => {
  const { body } = await api.ada.call('GET', `/v1/events?recordId=${ada.unique_id}&limit=200`);
  return body.items
    .map(({ fact }: { fact: { type: string } }) => fact.type)
    .filter((type: string) => /^(product|trans)/.test(type));
};
/** A transaction that was not paid, as an import brings it. */
const unpaid = async (): Promise<string> => {
  const given = { objectID: 46, contact_id: ada.id, status: 'declined', total: 9 };
  return (await dataOf('POST', '/objects', given)).id;
};

test('.NET client: a sale that was paid elsewhere is recorded and told as a purchase', async () => {
  const answer = await dataOf(
    'POST',
    '/transaction/processManual',
    log({ external_order_id: 'A-7', trans_date: 1767225600 }),
  );
  expect(answer).toEqual({
    result_code: '1',
    message: expect.any(String),
    invoice_id: expect.stringMatching(/^\d+$/),
    external_order_id: 'A-7',
  });
  expect(await transaction(answer.invoice_id)).toMatchObject({
    contact_id: ada.id,
    total: '17',
    status: 'paid',
    date: expect.stringMatching(/^\d{10}$/),
    external_order_id: 'A-7',
  });
  expect([await spent(), await statuses()]).toEqual(['17', ['paid', 'paid']]);
  expect((await toldOf()).sort()).toEqual(['product.purchased', 'product.purchased', 'transaction.added']);
  const byForm = `contact_id=${ada.id}&chargeNow=0&offer[products][0][id]=${tea.id}&offer[products][0][quantity]=1`;
  await dataOf('POST', '/transaction/processManual', byForm);
  expect(await spent()).toBe('22');
});

test('no card is charged, and what cannot be recorded as it was meant is refused; nothing is left', async () => {
  const before = await dataOf('GET', '/Transactions/getInfo');
  const refused = (more: object) => refusalOf('POST', '/transaction/processManual', log(more));
  const product = { id: Number(tea.id), quantity: 1, price: 5 };
  const card = { ccnumber: '4242424242424242', code: '123' };
  for (const chargeNow of ['chargeNow', 1]) {
    const [status, sentence] = await refused({ chargeNow, payer: card });
    expect([status, sentence]).toEqual([422, expect.stringMatching(/No card is charged here/)]);
  }
  expect((await refused({ chargeNow: 'later' }))[0]).toBe(400);
  expect(await refused({ offer: { products: [{ ...product, type: 'subscription' }] } })).toEqual([
    400,
    expect.stringMatching(/no subscriptions/),
  ]);
  expect(await refused({ offer: { products: [product], taxes: [{ rate: 8 }] } })).toEqual([
    400,
    expect.stringMatching(/taxes: is not recorded/),
  ]);
  expect((await refused({ offer: { products: [] } }))[0]).toBe(400);
  expect((await refused({ offer: { products: [{ id: ada.id }] } }))[0]).toBe(404);
  expect((await refused({ contact_id: 999999 }))[0]).toBe(404);
  expect(await dataOf('GET', '/Transactions/getInfo')).toEqual(before);
});

test('PHP SDK: a refund is that of each purchase that was not refunded', async () => {
  const id = await sell();
  const [purchase] = await dataOf('GET', '/Purchases?sortDir=desc&range=1&sort=id');
  await api.ada.call('POST', `/v1/purchases/${purchase.unique_id}/refund`);
  expect((await transaction(id)).status).toBe('partly-refunded');
  expect(await dataOf('PUT', '/transaction/refund', { objectID: 46, ids: [id] })).toEqual({ ids: [id] });
  expect([(await transaction(id)).status, await statuses(), await spent()]).toEqual([
    'refunded',
    ['refunded', 'refunded'],
    '0',
  ]);
  expect((await toldOf()).filter((type) => type === 'product.refunded')).toHaveLength(2);
  expect(await refusalOf('PUT', '/transaction/refund', { objectID: 46, ids: [id] })).toEqual([
    422,
    expect.stringMatching(/refunded, voided/),
  ]);
  expect((await refusalOf('PUT', '/transaction/refund', { objectID: 17, ids: [id] }))[0]).toBe(400);
  expect((await refusalOf('PUT', '/transaction/refund', { objectID: 46 }))[0]).toBe(400);
  expect(await refusalOf('PUT', '/transaction/refund', { ids: [await unpaid()] })).toEqual([
    404,
    expect.stringMatching(/has none/),
  ]);
});

test('a void sale never was one: spent is lowered, conditions do not count it, no refund is told; of several all or none', async () => {
  const [first, second] = [await sell(), await sell()];
  await dataOf('PUT', '/transaction/void', { objectID: 46, ids: [first] });
  expect([(await transaction(first)).status, await spent()]).toEqual(['void', '17']);
  expect((await statuses()).sort()).toEqual(['paid', 'paid', 'void', 'void']);
  expect(await toldOf()).not.toContain('product.refunded');
  expect((await refusalOf('PUT', '/transaction/void', { objectID: 46, ids: [second, first] }))[0]).toBe(422);
  expect((await transaction(second)).status).toBe('paid');
  const [voided] = (await dataOf('GET', '/Purchases')).filter(
    (row: { contact_id: string; status: string }) => row.contact_id === ada.id && row.status === 'void',
  );
  const refund = await api.ada.call('POST', `/v1/purchases/${voided.unique_id}/refund`);
  expect([refund.status, refund.body.code]).toEqual([409, 'transaction.settled']);
});

test('what was not paid is written off, or marked as paid; what is paid is not written off', async () => {
  const id = await unpaid();
  await dataOf('PUT', '/transaction/writeOff', { objectID: 46, ids: [id] });
  expect([(await transaction(id)).status, await spent()]).toEqual(['written-off', '']);
  await dataOf('PUT', '/transaction/markPaid', `id=${id}`);
  expect([(await transaction(id)).status, await spent()]).toEqual(['paid', '9']);
  await dataOf('PUT', '/transaction/markPaid', `id=${id}`);
  expect(await spent()).toBe('9');
  expect(await refusalOf('PUT', '/transaction/writeOff', { ids: [id] })).toEqual([
    422,
    expect.stringMatching(/is paid/),
  ]);
  await dataOf('PUT', '/transaction/void', { ids: [id] });
  expect((await refusalOf('PUT', '/transaction/markPaid', `id=${id}`))[0]).toBe(422);
});

test.each([
  ['POST', 'rerun'],
  ['PUT', 'rerunCommission'],
  ['POST', 'resendInvoice'],
  ['PUT', 'convertToCollections'],
  ['PUT', 'convertToDecline'],
  ['PUT', 'order'],
  ['GET', 'order'],
])('%s /transaction/%s says that it has no counterpart here', async (method, name) => {
  expect(await refusalOf(method, `/transaction/${name}?id=1`)).toEqual([422, expect.stringMatching(/moves no money/)]);
});
