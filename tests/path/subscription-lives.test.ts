import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Fact } from '../../schemas/event';
import { transaction } from '../../store/database';
import { DELIVERIES } from '../../store/deliveries';
import { removeBodies } from '../../store/delivery-retention';
import { EVENTS } from '../../store/events';
import { insertRecord } from '../../store/records';
import { notify } from '../../workers/dispatch/notify';
import { rebuildLog } from '../../workers/rebuild/rebuild-log';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openSubscriber, PATIENCE_MS } from '../servers/open-subscriber';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { post as postFacts, untilHandled } from '../servers/post';
import { until } from '../servers/until';

let api: TestApi;
let receiver: Receiver;
let ada: ReturnType<typeof openSubscriber>;
beforeAll(async () => {
  api = await openTestApi({ isWorking: true });
});
beforeEach(async () => {
  receiver = await openReceiver();
  ada = openSubscriber(api, receiver);
});
afterEach(async () => {
  await ada.removeAll();
  await receiver.close();
});
afterAll(() => api.close());

test('the wildcard, the object type and the condition choose what is told', async () => {
  const condition = { kind: 'field', fieldId: 'city', op: 'equals', value: 'London' };
  await ada.subscribe({ type: 'tag.added' }, { path: '/any-tag' });
  await ada.subscribe({ type: 'record.created' }, { path: '/deals', objectTypeId: 149 });
  await ada.subscribe({ type: 'record.created' }, { path: '/londoners', objectTypeId: 0, condition });
  await ada.post('/v1/records', { fields: { city: 'Paris' }, tags: ['One', 'Two'] });
  const { id: londoner } = await ada.post('/v1/records', { fields: { city: 'London' } });
  const { id: deal } = await ada.post('/v1/records', { objectTypeId: 149, fields: { name: 'Engine' } });
  await untilHandled(api.system, PATIENCE_MS);
  await ada.untilArrived('/any-tag', 2);
  const told = (path: string) => ada.at(path).map(({ body }) => JSON.parse(body));
  await ada.untilArrived('/londoners');
  await ada.untilArrived('/deals');
  expect(told('/londoners').map(({ data }) => data.id)).toEqual([await ada.numberOf('records', londoner)]);
  expect(told('/deals')).toMatchObject([
    {
      object_type_id: '149',
      event: { object_type_id: '149' },
      data: { id: await ada.numberOf('records', deal), name: 'Engine' },
    },
  ]);
});

test('the payload tells of the event as it was, though the record changes and goes while it waits', async () => {
  const created = await ada.subscribe({ type: 'record.created' }, { path: '/created' });
  const deleted = await ada.subscribe({ type: 'record.deleted' }, { path: '/deleted' });
  for (const { webhookId } of [created, deleted]) await ada.post(`/v1/webhooks/${webhookId}/pause`);
  const { id: recordId } = await ada.post('/v1/records', { fields: { firstname: 'Ada' } });
  const id = await ada.numberOf('records', recordId);
  await ada.untilAll(created.webhookId, 'held', 1);
  await ada.call('PATCH', `/v1/records/${recordId}`, { fields: { firstname: 'Augusta' } });
  await ada.call('DELETE', `/v1/records/${recordId}`);
  await ada.untilAll(deleted.webhookId, 'held', 1);
  for (const { webhookId } of [created, deleted]) await ada.post(`/v1/webhooks/${webhookId}/resume`);
  const [[wasCreated], [wasDeleted]] = await Promise.all([ada.untilArrived('/created'), ada.untilArrived('/deleted')]);
  expect(JSON.parse(wasCreated?.body ?? '').data).toMatchObject({ id, firstname: 'Ada' });
  expect(JSON.parse(wasDeleted?.body ?? '')).toMatchObject({
    event: { type: 'object_delete', object_type_id: '0' },
    data: { id },
  });

  // An event that is handled only when its record is gone.
  const event = await ada.eventOf(recordId, { type: 'record.created' });
  const condition = { kind: 'field', fieldId: 'firstname', op: 'filled' };
  const [late, asking] = [
    await ada.subscribe({ type: 'record.created' }, { path: '/late' }),
    await ada.subscribe({ type: 'record.created' }, { path: '/asking', condition }),
  ];
  for (const subscription of [asking, late]) await notify(api.system, event, subscription.id);
  const [arrival] = await ada.untilArrived('/late');
  expect(JSON.parse(arrival?.body ?? '')).toMatchObject({ event: { type: 'object_create' }, data: { id } });
  expect(await ada.rows(asking.webhookId)).toEqual([]);
});

test('a purchase is told of by its own record, and of a transaction the product that was asked for', async () => {
  const { db } = api.system;
  const accountId = api.ada.account._id;
  const insert = (objectTypeId: number, fields: Record<string, string>) =>
    transaction(db, (session) => insertRecord(db, session, { accountId, objectTypeId, fields, tagIds: [], facts: [] }));
  const { _id: contact } = await insert(0, { firstname: 'Ada' });
  const [tea, cup] = [await insert(16, { name: 'Tea' }), await insert(16, { name: 'Cup' })];
  const purchase = await insert(17, { name: 'Tea', total_price: '12' });
  const transactionRecord = await insert(46, { total: '20' });
  await ada.subscribe({ type: 'product.purchased', productId: tea._id }, { path: '/purchased' });
  await ada.subscribe({ type: 'transaction.added', productId: cup._id }, { path: '/transaction', format: 'notify' });
  const facts: Fact[] = [
    { type: 'product.purchased', productId: tea._id, purchaseId: purchase._id },
    { type: 'transaction.added', transactionId: transactionRecord._id, productIds: [tea._id, cup._id] },
  ];
  await postFacts(api.system, contact, ...facts);
  const [[bought], [paid]] = await Promise.all([ada.untilArrived('/purchased'), ada.untilArrived('/transaction')]);
  expect(JSON.parse(bought?.body ?? '')).toMatchObject({
    object_type_id: '17',
    event: { type: 'purchase_product', product_id: String(tea.number) },
    data: { id: String(purchase.number), name: 'Tea', total_price: '12' },
  });
  expect(JSON.parse(paid?.body ?? '')).toMatchObject({
    object_type_id: '46',
    event: { type: 'transaction_created_with_product', product_id: String(cup.number) },
    data: { id: String(transactionRecord.number) },
  });
});

test('deleting a subscription cancels what waits, also what waits for its next attempt', async () => {
  receiver.answer = () => ({ status: 503 });
  const { id, webhookId } = await ada.subscribe({ type: 'record.created' });
  await ada.post('/v1/records', {});
  await ada.untilAll(webhookId, 'waiting-retry', 1);
  await ada.post(`/v1/webhooks/${webhookId}/pause`);
  await ada.post('/v1/records', {});
  await ada.untilAll(webhookId, 'held', 1);
  await ada.call('DELETE', `/v1/subscriptions/${id}`);
  const cancelled = await ada.untilAll(webhookId, 'cancelled', 2);
  expect(cancelled).toHaveLength(2);
  const { items } = await ada.get('/v1/jobs');
  expect(items[0]).toMatchObject({ kind: 'drop-all', title: expect.stringContaining('object_create()') });
  await ada.post('/v1/records', {});
  await untilHandled(api.system, PATIENCE_MS);
  expect(await ada.rows(webhookId)).toHaveLength(2);
});

test('410 disables the subscription, holds what comes, and it goes on when it is resumed', async () => {
  receiver.answer = () => ({ status: 410 });
  const { id, webhookId } = await ada.subscribe({ type: 'record.created' });
  await ada.post('/v1/records', {});
  await ada.untilAll(webhookId, 'failed', 1);
  const shown = await until('disabled', async () => {
    const read = await ada.get(`/v1/subscriptions/${id}`);
    return read.status === 'disabled' && read;
  });
  expect(shown).toMatchObject({ statusReason: expect.stringMatching(/410 Gone/), lastCode: 410 });
  await ada.post('/v1/records', {});
  await ada.untilAll(webhookId, 'held', 1);
  receiver.answer = () => ({ status: 200 });
  await ada.post(`/v1/webhooks/${webhookId}/resume`);
  await ada.untilAll(webhookId, 'delivered', 1);
});

test('an edited URL is used by what waits; a log that was made again still has its payload', async () => {
  const { id, webhookId } = await ada.subscribe(
    { type: 'record.created' },
    { encoding: 'form', format: 'lightweight' },
  );
  await ada.post(`/v1/webhooks/${webhookId}/pause`);
  await ada.post('/v1/records', { fields: { firstname: 'Ada' } });
  const [{ id: deliveryId }] = await ada.untilAll(webhookId, 'held', 1);
  const settings = {
    event: { type: 'record.created' },
    url: `${receiver.url}/new`,
    encoding: 'form',
    format: 'lightweight',
  };
  await ada.call('PUT', `/v1/subscriptions/${id}`, { settings });

  const { db, engine } = api.system;
  await db.model(DELIVERIES).deleteMany({ webhookId });
  await rebuildLog(db, engine, { isDryRun: false });
  expect((await ada.rows(webhookId)).map((row: { id: string }) => row.id)).toEqual([deliveryId]);
  await ada.post(`/v1/webhooks/${webhookId}/resume`);
  const [arrival] = await ada.untilArrived('/new');
  expect(arrival).toMatchObject({ deliveryId, body: expect.stringContaining('&data[firstname]=Ada&') });
});

test('a payload that retention removed is rendered again for a replay, until its event is not kept any more', async () => {
  const { db } = api.system;
  const { webhookId } = await ada.subscribe({ type: 'record.created' }, { format: 'lightweight' });
  const { id: recordId } = await ada.post('/v1/records', { fields: { firstname: 'Ada' } });
  const [{ id }] = await ada.untilAll(webhookId, 'delivered', 1);
  await db.model(DELIVERIES).updateOne({ _id: id }, { $set: { bodiesExpireAt: new Date(0) } });
  expect(await removeBodies(db, new Date(), 10)).toBe(1);
  expect(await db.model(DELIVERIES).findById(id).lean()).toMatchObject({ payload: null });
  await ada.post(`/v1/deliveries/${id}/replay`);
  const [first, again] = await ada.untilArrived('/hook', 2);
  expect(again?.body).toBe(first?.body);
  await ada.untilAll(webhookId, 'delivered', 1);

  await db.model(DELIVERIES).updateOne({ _id: id }, { $set: { payload: null } });
  await untilHandled(api.system, PATIENCE_MS);
  await db.model(EVENTS).deleteMany({ recordId });
  await ada.post(`/v1/deliveries/${id}/replay`);
  const [failed] = await ada.untilAll(webhookId, 'failed', 1);
  expect(failed.lastAttempt).toMatchObject({ class: 'invalid', error: expect.stringMatching(/its event is not kept/) });
});
