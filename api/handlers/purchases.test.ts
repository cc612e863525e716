import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
let shirt: string;
let gift: string;
beforeAll(async () => {
  api = await openTestApi();
  shirt = await make({ objectTypeId: 16, fields: { name: 'Shirt', price: 19.99 } });
  gift = await make({ objectTypeId: 16, fields: { name: 'Gift' } });
});
afterAll(() => api.close());

const post = (path: string, body?: unknown) => api.ada.call('POST', path, body);
const make = async (body: unknown) => (await post('/v1/records', body)).body.id as string;
const fieldsOf = async (id: string) => (await api.ada.call('GET', `/v1/records/${id}`)).body.fields;
const factsOf = async (recordId: string) =>
  (await api.ada.call('GET', `/v1/events?recordId=${recordId}&limit=200`)).body.items
    .reverse()
    .map(({ fact }: { fact: unknown }) => fact);
const buy = (recordId: string, ...items: unknown[]) => post('/v1/purchases', { recordId, items });

test('a purchase makes its records, raises what the contact spent, and tells it in order', async () => {
  const recordId = await make({ fields: { firstname: 'Ada', lastname: 'Lovelace', spent: 0.1 } });
  const nudged = api.nudges();
  const bought = await buy(recordId, { productId: shirt, quantity: 3 }, { productId: gift, price: 0.2 });
  expect([bought.status, bought.body.problems]).toEqual([201, undefined]);
  const { purchases, transaction } = bought.body;
  expect(purchases[0]).toMatchObject({
    objectTypeId: 17,
    fields: {
      contact_id: recordId,
      product_id: shirt,
      invoice_id: transaction.id,
      name: 'Shirt',
      price: 19.99,
      quantity: 3,
      total_price: 59.97,
      status: 'paid',
    },
  });
  expect(transaction).toMatchObject({
    objectTypeId: 46,
    fields: { contact_id: recordId, contact_name: 'Ada Lovelace', status: 'paid', subtotal: 60.17, total: 60.17 },
  });
  expect((await fieldsOf(recordId)).spent).toBe(60.27);
  expect(await factsOf(recordId)).toEqual([
    { type: 'record.created' },
    { type: 'field.updated', fieldId: 'spent', before: 0.1, after: 60.27 },
    { type: 'product.purchased', productId: shirt, purchaseId: purchases[0].id },
    { type: 'product.purchased', productId: gift, purchaseId: purchases[1].id },
    { type: 'transaction.added', transactionId: transaction.id, productIds: [shirt, gift] },
  ]);
  expect(api.nudges()).toBe(nudged + 1);
});

test('10 purchases of a contact at once are all counted in what it spent', async () => {
  const recordId = await make({});
  const answers = await Promise.all(Array.from({ length: 10 }, () => buy(recordId, { productId: shirt, price: 1 })));
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
  expect((await fieldsOf(recordId)).spent).toBe(10);
});

test('a refund lowers what the contact spent, once, and marks purchase and transaction', async () => {
  const recordId = await make({});
  const { purchases, transaction } = (await buy(recordId, { productId: shirt }, { productId: gift, price: 5 })).body;
  const refund = (n: number) => post(`/v1/purchases/${purchases[n].id}/refund`);
  const twice = await Promise.all([refund(0), refund(0)]);
  expect(twice.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect([await fieldsOf(recordId), await fieldsOf(transaction.id), await fieldsOf(purchases[0].id)]).toMatchObject([
    { spent: 5 },
    { status: 'partly-refunded', refunded: 19.99 },
    { status: 'refunded' },
  ]);
  expect((await factsOf(recordId)).at(-1)).toEqual({
    type: 'product.refunded',
    productId: shirt,
    purchaseId: purchases[0].id,
  });
  expect((await refund(1)).status).toBe(200);
  expect(await fieldsOf(transaction.id)).toMatchObject({ status: 'refunded', refunded: 24.99 });
  expect((await fieldsOf(recordId)).spent).toBe(0);
  expect((await post(`/v1/purchases/${recordId}/refund`)).status).toBe(404);
});

test('a purchase names its mistakes, and nothing of it is written', async () => {
  const recordId = await make({});
  const bad = await buy(recordId, { productId: recordId }, { productId: gift }, { productId: shirt });
  expect(problemOf(bad).problems.map(({ path }) => path)).toEqual(['items.0.productId', 'items.1.price']);
  expect(problemOf(await buy(shirt, { productId: shirt })).problems[0]?.path).toBe('recordId');
  expect(problemOf(await buy(recordId)).problems[0]?.path).toBe('items');
  expect(await factsOf(recordId)).toEqual([{ type: 'record.created' }]);
});
