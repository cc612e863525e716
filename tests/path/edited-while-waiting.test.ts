import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { DeliveryId, TagId, WebhookId } from '../../schemas/ids';
import type { WebhookSettings } from '../../schemas/webhook';
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
  system = await openSystem();
});
beforeEach(async () => {
  receiver = await openReceiver(() => ({ status: 500 }));
});
afterEach(() => receiver.close());
afterAll(() => system?.close());

/** Sends a record through a webhook, and edits the webhook after the first attempt. @returns the delivery */
async function editAfterFirst(before: Partial<WebhookSettings>, edit: Partial<WebhookSettings>): Promise<DeliveryId> {
  const accountId = system.account.account._id;
  const [tagId] = (await makeTags(system, 'Customer')) as [TagId];
  const webhookId: WebhookId = await makeWebhook(system, { url: `${receiver.url}/old`, ...before });
  await makeMap(system, tagToWebhook(tagId, webhookId));
  await makeRecord(system, {}, [tagId]);
  const first = await until('the first attempt', () => receiver.arrivals[0]);
  const { settings } = await getWebhook(system.db, { accountId, webhookId });
  await transaction(system.db, (session) =>
    saveWebhook(system.db, session, { accountId, webhookId, settings: { ...settings, ...edit } }),
  );
  return first.deliveryId as DeliveryId;
}
const untilEnded = (deliveryId: DeliveryId) =>
  until('the end of the delivery', async () => {
    const found = await findDelivery(system.db, deliveryId);
    return found?.finishedAt ? found : null;
  });

test('attempts raised while a delivery waits: the next attempt uses the new URL and headers and logs the revision, and the delivery ends failed after those it began with', async () => {
  const headers = [{ name: 'x-stage', value: 'new', isSecret: false }];
  const deliveryId = await editAfterFirst(
    { maxAttempts: 2, schedule: { preset: 'custom', gapsSeconds: [2, 1, 1] } },
    { maxAttempts: 4, url: `${receiver.url}/new`, headers },
  );
  const row = await untilEnded(deliveryId);
  expect(row.status).toBe('failed');
  expect(receiver.arrivals.map(({ path }) => path)).toEqual(['/old', '/new']);
  expect(receiver.arrivals.map(({ headers }) => headers['x-stage'])).toEqual([undefined, 'new']);
  expect(row.attempts.map(({ webhookRevision }) => webhookRevision)).toEqual([1, 2]);
});

test('a time limit raised while a delivery waits is the time that the receiver has: nothing is sent a second time meanwhile', async () => {
  receiver.answer = () => (receiver.arrivals.length === 1 ? { status: 500 } : { status: 200, delayMs: 20_000 });
  const deliveryId = await editAfterFirst(
    { timeoutSeconds: 1, schedule: { preset: 'custom', gapsSeconds: [2, 1, 1] } },
    { timeoutSeconds: 30 },
  );
  const row = await untilEnded(deliveryId);
  expect(row.status).toBe('delivered');
  expect(row.attempts.map(({ status }) => status)).toEqual([500, 200]);
  expect(receiver.arrivals).toHaveLength(2);
}, 60_000);
