import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DeliveryId } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { findDelivery } from '../../store/deliveries';
import { getWebhook, saveWebhook } from '../../store/webhooks';
import { makeMap, makeRecord, makeTags, makeWebhook, tagToWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openSystem, type TestSystem } from '../servers/open-system';
import { until } from '../servers/until';

let system: TestSystem;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver(() => ({ status: 500 }));
  system = await openSystem();
});
afterAll(async () => {
  await system?.close();
  await receiver?.close();
});

test('attempts raised while a delivery waits: the next attempt uses the new URL and headers and logs the revision, and the delivery ends failed after those it began with', async () => {
  const accountId = system.account.account._id;
  const [tagId] = await makeTags(system, 'Customer');
  const webhookId = await makeWebhook(system, {
    url: `${receiver.url}/old`,
    maxAttempts: 2,
    schedule: { preset: 'custom', gapsSeconds: [2, 1, 1] },
  });
  await makeMap(system, tagToWebhook(tagId as never, webhookId));
  await makeRecord(system, {}, [tagId as never]);

  const first = await until('the first attempt', () => receiver.arrivals[0]);
  const { settings } = await getWebhook(system.db, { accountId, webhookId });
  const headers = [{ name: 'x-stage', value: 'new', isSecret: false }];
  const edited = { ...settings, maxAttempts: 4, url: `${receiver.url}/new`, headers };
  await transaction(system.db, (session) =>
    saveWebhook(system.db, session, { accountId, webhookId, settings: edited }),
  );

  const row = await until('the end of the delivery', async () => {
    const found = await findDelivery(system.db, first.deliveryId as DeliveryId);
    return found?.finishedAt ? found : null;
  });
  expect(row.status).toBe('failed');
  expect(receiver.arrivals.map(({ path }) => path)).toEqual(['/old', '/new']);
  expect(receiver.arrivals.map(({ headers }) => headers['x-stage'])).toEqual([undefined, 'new']);
  expect(row.attempts.map(({ webhookRevision }) => webhookRevision)).toEqual([1, 2]);
});
