import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { StoredDelivery } from '../schemas/delivery';
import type { DeliveryId, WebhookId } from '../schemas/ids';
import { transaction } from '../store/database';
import { DELIVERIES, findDelivery, insertDelivery } from '../store/deliveries';
import { beginAttempt, saveProgress, saveWaiting } from '../store/delivery-attempts';
import { reserveSlot } from '../store/reserve-slot';
import { makeRecord, makeWebhook } from '../tests/servers/make';
import { openReceiver, type Receiver } from '../tests/servers/open-receiver';
import { openSystem, type TestSystem } from '../tests/servers/open-system';
import { loggedAttempt, storedDelivery } from '../tests/servers/stored';
import { until } from '../tests/servers/until';
import { type OpenActivities, openActivities } from '../workers/open-activities';
import type { SendResult } from './send-webhook';

let system: TestSystem;
let receiver: Receiver;
let opened: OpenActivities;
beforeAll(async () => {
  system = await openSystem({ isWorking: false });
  const { db, engine, keys, logger } = system;
  opened = openActivities({ db, engine, keys, logger, allow: ['127.0.0.0/8'], onEvents: () => undefined });
});
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(() => receiver.close());
afterAll(async () => {
  await opened.close();
  await system.close();
});

/** A delivery whose webhook has a free slot 2 s from now: an attempt that begins waits there for a while. */
async function makeBusyDelivery(): Promise<StoredDelivery> {
  const { db, account } = system;
  const webhookId = await makeWebhook(system, { url: receiver.url, requestsPerMinute: 30 });
  const { _id: recordId } = await makeRecord(system);
  const delivery = storedDelivery({ accountId: account.account._id, webhookId, recordId });
  await transaction(db, (session) => insertDelivery(db, session, delivery));
  await reserveSlot(db, { webhookId, token: 'somebody else', withinMs: 0 });
  return delivery;
}
function send(of: { _id: DeliveryId; webhookId: WebhookId }, attempt: number, call = 0): Promise<SendResult> {
  const input = { accountId: system.account.account._id, deliveryId: of._id, webhookId: of.webhookId };
  const env = new MockActivityEnvironment({ attempt });
  return env.run(opened.activities.sendWebhook, { ...input, call, isComeback: false, journal: [] });
}
const read = (id: DeliveryId) => findDelivery(system.db, id);
const untilBegun = (id: DeliveryId, attempt: number) =>
  until(`attempt ${attempt}`, async () => (await read(id))?.newest.attempt === attempt);
/** What an attempt writes that was frozen, and wakes when a newer one has begun long since. */
const wakeLate = (id: DeliveryId, status: 'waiting-retry' | 'failed' | 'delivered', httpStatus: number) =>
  saveProgress(system.db, {
    deliveryId: id,
    by: { call: 0, attempt: 1 },
    attempts: [loggedAttempt(0, 1, { status: httpStatus })],
    status,
    class: status === 'delivered' ? 'success' : 'transient',
    responseStatus: httpStatus,
    nextAttemptAt: null,
    waitingFor: null,
    finishedAt: status === 'waiting-retry' ? null : new Date(),
  });

test.each([
  ['waiting-retry', 500],
  ['failed', 410],
] as const)(
  'an older attempt that wakes late and leaves %s does not stop the newer one',
  async (status, httpStatus) => {
    const delivery = await makeBusyDelivery();
    await beginAttempt(system.db, delivery._id, { call: 0, attempt: 1 });
    const sending = send(delivery, 2);
    await untilBegun(delivery._id, 2);
    await wakeLate(delivery._id, status, httpStatus);
    expect(await sending).toMatchObject({ kind: 'delivered', status: 200 });
    expect(receiver.arrivals).toHaveLength(1);
    const row = await read(delivery._id);
    expect(row?.status).toBe('delivered');
    expect(row?.attempts.map((line) => [line.temporalAttempt, line.status])).toEqual([
      [1, httpStatus],
      [2, 200],
    ]);
  },
);

test('an older attempt that is told to come back does not stop the newer one', async () => {
  const delivery = await makeBusyDelivery();
  const sending = send(delivery, 2);
  await untilBegun(delivery._id, 2);
  const wait = { deliveryId: delivery._id, by: { call: 0, attempt: 1 }, until: new Date(Date.now() + 60_000) };
  await saveWaiting(system.db, { ...wait, status: 'waiting-slot', waitingFor: 'Its slot' });
  expect(await sending).toMatchObject({ kind: 'delivered' });
});

test('when an older attempt that wakes late has delivered, the newer one sends nothing and says so', async () => {
  const delivery = await makeBusyDelivery();
  await beginAttempt(system.db, delivery._id, { call: 0, attempt: 1 });
  const sending = send(delivery, 2);
  await untilBegun(delivery._id, 2);
  await wakeLate(delivery._id, 'delivered', 201);
  expect(await sending).toMatchObject({ kind: 'delivered', status: 201, isLogged: true });
  expect(receiver.arrivals).toEqual([]);
});

test('an attempt sends nothing once a newer one has begun', async () => {
  const delivery = await makeBusyDelivery();
  const sending = send(delivery, 1);
  await untilBegun(delivery._id, 1);
  await beginAttempt(system.db, delivery._id, { call: 0, attempt: 2 });
  expect(await sending).toMatchObject({ kind: 'stopped' });
  expect(receiver.arrivals).toEqual([]);
});

test('an attempt of a delivery that is over sends nothing', async () => {
  const delivery = await makeBusyDelivery();
  await send(delivery, 1);
  expect(await send(delivery, 2)).toMatchObject({ kind: 'delivered', status: 200 });
  expect(await send(delivery, 1, 1)).toMatchObject({ kind: 'delivered', status: 200 });
  expect(receiver.arrivals).toHaveLength(1);
});

test('an attempt that finds one before it begun and without a line logs that it may have been processed', async () => {
  const delivery = await makeBusyDelivery();
  await beginAttempt(system.db, delivery._id, { call: 0, attempt: 1 });
  await send(delivery, 2);
  expect((await read(delivery._id))?.attempts.map((line) => [line.number, line.class])).toEqual([
    [1, 'unknown'],
    [2, 'success'],
  ]);
});

test('an attempt is logged with where its time went', async () => {
  const delivery = await makeBusyDelivery();
  await send(delivery, 1);
  const line = (await read(delivery._id))?.attempts[0];
  expect(line?.timings).toMatchObject({ dnsMs: null, connectMs: expect.any(Number), tlsMs: null });
  const { connectMs, firstByteMs, totalMs } = line?.timings ?? {};
  expect(firstByteMs).toBeGreaterThan(connectMs ?? Infinity);
  expect(totalMs).toBeGreaterThanOrEqual(firstByteMs ?? Infinity);
});

test('a redirect is logged as the host it leads to, and is not followed', async () => {
  const delivery = await makeBusyDelivery();
  receiver.answer = () => ({ status: 302, headers: { location: 'http://10.0.0.1:8500/v1/keys?token=abc' } });
  await expect(send(delivery, 1)).rejects.toMatchObject({ type: 'redirect' });
  const line = (await read(delivery._id))?.attempts[0];
  expect(line?.error).toBe('The answer redirects to 10.0.0.1:8500 (HTTP 302); redirects are not followed.');
  expect(line?.response?.headers.location).toBe('10.0.0.1:8500');
  expect(JSON.stringify(line)).not.toContain('token=abc');
});

test('a log that is lost while an attempt waits for its slot ends nothing: it comes back, and sends when its row is there again', async () => {
  const delivery = await makeBusyDelivery();
  const sending = send(delivery, 1);
  await untilBegun(delivery._id, 1);
  await system.db.model(DELIVERIES).deleteOne({ _id: delivery._id });
  expect(await sending).toMatchObject({ kind: 'not-yet', isOwnFault: true, journal: [] });
  expect(receiver.arrivals).toEqual([]);
  await transaction(system.db, (session) => insertDelivery(system.db, session, delivery));
  expect(await send(delivery, 1, 1)).toMatchObject({ kind: 'delivered' });
});

test('so does one whose row is made again meanwhile, as it was before', async () => {
  const delivery = await makeBusyDelivery();
  const sending = send(delivery, 1);
  await untilBegun(delivery._id, 1);
  await system.db.model(DELIVERIES).replaceOne({ _id: delivery._id }, delivery);
  expect(await sending).toMatchObject({ kind: 'not-yet', isOwnFault: true });
});
