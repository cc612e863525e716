import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { StoredDelivery } from '../schemas/delivery';
import type { WebhookSettings } from '../schemas/webhook';
import { transaction } from '../store/database';
import { findDelivery, insertDelivery } from '../store/deliveries';
import { PACES, type Pace } from '../store/paces';
import { setWebhookStatus } from '../store/webhook-status';
import { deleteWebhook, findWebhook } from '../store/webhooks';
import { makeRecord, makeWebhook } from '../tests/servers/make';
import { openReceiver, type Receiver } from '../tests/servers/open-receiver';
import { openSystem, type TestSystem } from '../tests/servers/open-system';
import { loggedAttempt, storedDelivery } from '../tests/servers/stored';
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

async function makeDelivery(settings: Partial<WebhookSettings> = {}): Promise<StoredDelivery> {
  const webhookId = await makeWebhook(system, { url: receiver.url, ...settings });
  const { _id: recordId } = await makeRecord(system);
  const delivery = storedDelivery({ accountId: system.account.account._id, webhookId, recordId });
  await transaction(system.db, (session) => insertDelivery(system.db, session, delivery));
  return delivery;
}
/** One attempt. @returns how it ended, or the class of its failure */
async function send({ _id: deliveryId, accountId, webhookId }: StoredDelivery): Promise<string> {
  const input = { accountId, deliveryId, webhookId, call: 0, isComeback: false, journal: [] };
  const sending: Promise<SendResult> = new MockActivityEnvironment().run(opened.activities.sendWebhook, input);
  return sending.then(
    ({ kind }) => kind,
    ({ type }: { type: string }) => type,
  );
}
const paceOf = async ({ webhookId }: StoredDelivery): Promise<Pace> => {
  const pace = await system.db.model(PACES).findById(webhookId).lean<Pace>();
  if (!pace) throw new Error('no such pace');
  return pace;
};
const heldMs = async (of: StoredDelivery) => (await paceOf(of)).nextAt.getTime() - Date.now();
const webhookOf = ({ accountId, webhookId }: StoredDelivery) => findWebhook(system.db, { accountId, webhookId });

test.each([
  ['another attempt follows', { preset: 'custom', gapsSeconds: [1] }],
  ['none follows', { preset: 'none' }],
] as const)(
  '429 with Retry-After holds the whole webhook back for as long as it says, when %s',
  async (_, schedule) => {
    receiver.answer = () => ({ status: 429, headers: { 'retry-after': '120' } });
    const delivery = await makeDelivery({ schedule: schedule as WebhookSettings['schedule'] });
    expect(await send(delivery)).toBe('transient');
    expect(await heldMs(delivery)).toBeGreaterThan(110_000);
    expect(await heldMs(delivery)).toBeLessThanOrEqual(120_000);
  },
);

test('429 without Retry-After spares the receiver for five seconds', async () => {
  receiver.answer = () => ({ status: 429 });
  const delivery = await makeDelivery();
  await send(delivery);
  expect(await heldMs(delivery)).toBeGreaterThan(4000);
  expect(await heldMs(delivery)).toBeLessThanOrEqual(5000);
});

test.each([
  [400, 'rejected'],
  [429, 'transient'],
] as const)(
  'a %s to the one that tries whether the receiver is back lets the next one try at once',
  async (status, outcome) => {
    receiver.answer = () => ({ status });
    const delivery = await makeDelivery();
    const open = { openings: 3, openUntil: new Date(Date.now() - 1000) };
    await system.db.model(PACES).updateOne({ _id: delivery.webhookId }, { $set: open });
    expect(await send(delivery)).toBe(outcome);
    const pace = await paceOf(delivery);
    expect(pace.openings).toBe(3);
    expect(pace.openUntil?.getTime()).toBeLessThanOrEqual(Date.now());
  },
);

test('a 410 that could not be logged disables the webhook when it lands', async () => {
  const delivery = await makeDelivery();
  const gone = { class: 'gone' as const, status: 410 };
  const workflowExecution = { workflowId: delivery.workflowId, runId: 'a run' };
  await new MockActivityEnvironment({ workflowExecution }).run(opened.activities.recordDelivery, {
    deliveryId: delivery._id,
    journal: [loggedAttempt(0, 1, gone)],
    result: 'failed' as const,
    ...gone,
  });
  expect(await findDelivery(system.db, delivery._id)).toMatchObject({ status: 'failed', class: 'gone' });
  expect(await webhookOf(delivery)).toMatchObject({ status: 'disabled', statusReason: expect.stringMatching(/410/) });
});

test('what is left of a webhook that was deleted while it was paused ends at once, and nothing is sent', async () => {
  const { db } = system;
  const delivery = await makeDelivery();
  const { accountId, webhookId } = delivery;
  const pause = { accountId, webhookId, status: 'paused' as const, reason: 'The CRM moves.' };
  await transaction(db, (session) => setWebhookStatus(db, session, pause));
  expect(await send(delivery)).toBe('not-yet');
  await transaction(db, (session) => deleteWebhook(db, session, { accountId, webhookId }));
  expect(await send(delivery)).toBe('invalid');
  const row = await findDelivery(db, delivery._id);
  expect(row).toMatchObject({ status: 'failed', attempts: [{ error: 'not sent: the webhook was deleted' }] });
  expect(receiver.arrivals).toEqual([]);
});
