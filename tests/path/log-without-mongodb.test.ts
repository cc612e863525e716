import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startMongod } from '../../embedded/start-mongod';
import type { DeliveryId, TagId } from '../../schemas/ids';
import { findDelivery } from '../../store/deliveries';
import { getWebhook } from '../../store/webhooks';
import { makeMap, makeRecord, makeTags, makeWebhook, tagToWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openSystem, type TestSystem } from '../servers/open-system';
import { until } from '../servers/until';

type Mongod = Awaited<ReturnType<typeof startMongod>>;

let folder: string;
let mongod: Mongod;
let system: TestSystem;
let receiver: Receiver;
const start = (port: number) =>
  startMongod({ binary: process.env.TEST_MONGOD_BIN ?? '', dataDir: join(folder, 'mongodb'), port });
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-log-'));
  mongod = await start(0);
  receiver = await openReceiver();
  system = await openSystem({ mongodbUrl: mongod.url });
});
afterAll(async () => {
  await system?.close();
  await mongod?.stop();
  await receiver?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Kills MongoDB while the request is at the receiver, and starts it again once the attempt has failed. */
async function killDuringAttempt(number: number): Promise<void> {
  await until(`attempt ${number} at the receiver`, () => receiver.arrivals.length >= number);
  mongod.kill('SIGKILL');
  await mongod.exited;
  await until(
    'the answer to be given and found unlogged',
    () => Date.now() - (receiver.arrivals[number - 1]?.atMs ?? 0) > 4000,
  );
  mongod = await start(mongod.port);
}

test('with MongoDB killed during two attempts the log still shows every attempt', async () => {
  receiver.answer = () =>
    receiver.arrivals.length < 3
      ? { status: 500, body: `no ${receiver.arrivals.length}`, delayMs: 1500 }
      : { status: 200 };
  const [tagId] = await makeTags(system, 'Customer');
  const webhookId = await makeWebhook(system, {
    url: receiver.url,
    schedule: { preset: 'custom', gapsSeconds: [1, 1, 1] },
  });
  await makeMap(system, tagToWebhook(tagId as never, webhookId));
  await makeRecord(system, { firstname: 'Ada' }, [tagId as never]);

  await killDuringAttempt(1);
  await killDuringAttempt(2);

  const third = await until('attempt 3', () => receiver.arrivals[2], 60_000);
  const row = await until('the finished row', async () => {
    const found = await findDelivery(system.db, third.deliveryId as DeliveryId);
    return found?.status === 'delivered' ? found : null;
  });
  expect(row.attempts.map(({ number, status, response }) => [number, status, response?.body])).toEqual([
    [1, 500, 'no 1'],
    [2, 500, 'no 2'],
    [3, 200, ''],
  ]);
  expect(receiver.arrivals).toHaveLength(3);
}, 120_000);

test('a 410 that comes while MongoDB is away disables the webhook when it is back', async () => {
  receiver.arrivals.length = 0;
  receiver.answer = () => ({ status: 410, delayMs: 1500 });
  const [tagId] = (await makeTags(system, 'Lost')) as [TagId];
  const webhookId = await makeWebhook(system, { url: receiver.url });
  await makeMap(system, tagToWebhook(tagId, webhookId));
  await makeRecord(system, { firstname: 'Ada' }, [tagId]);
  await killDuringAttempt(1);
  const accountId = system.account.account._id;
  const webhook = await until(
    'disabled',
    async () => {
      const found = await getWebhook(system.db, { accountId, webhookId });
      return found.status === 'disabled' ? found : null;
    },
    60_000,
  );
  expect(webhook.statusReason).toMatch(/410 Gone/);
  expect(await findDelivery(system.db, receiver.arrivals[0]?.deliveryId as DeliveryId)).toMatchObject({
    status: 'failed',
    class: 'gone',
  });
}, 120_000);
