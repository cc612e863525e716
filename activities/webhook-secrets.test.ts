import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { Webhook } from 'standardwebhooks';
import { newSigning, openSigning } from '../lib/secrets/webhook-secrets';
import type { StoredDelivery } from '../schemas/delivery';
import type { WebhookId } from '../schemas/ids';
import { transaction } from '../store/database';
import { findDelivery, insertDelivery } from '../store/deliveries';
import { rotateSigning } from '../store/webhook-secrets';
import { getWebhook, WEBHOOKS } from '../store/webhooks';
import { makeRecord, makeWebhook } from '../tests/servers/make';
import { type Arrival, openReceiver, type Receiver } from '../tests/servers/open-receiver';
import { openSystem, type TestSystem, testKeys } from '../tests/servers/open-system';
import { storedDelivery } from '../tests/servers/stored';
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

const accountOf = () => system.account.account._id;
const of = (webhookId: WebhookId) => ({ accountId: accountOf(), webhookId });

/** Sends one delivery of the webhook, once. @returns what arrived, the row of the log, and what the workflow is told */
async function sendOnce(webhookId: WebhookId) {
  const { _id: recordId } = await makeRecord(system, { firstname: 'Löwe', email: 'ada@example.com' });
  const delivery = storedDelivery({ accountId: accountOf(), webhookId, recordId });
  await transaction(system.db, (session) => insertDelivery(system.db, session, delivery));
  const input = {
    accountId: accountOf(),
    deliveryId: delivery._id,
    webhookId,
    call: 0,
    isComeback: false,
    journal: [],
  };
  const sending = new MockActivityEnvironment().run(opened.activities.sendWebhook, input) as Promise<SendResult>;
  const told = await sending.catch((error: Error) => error);
  const row = (await findDelivery(system.db, delivery._id)) as StoredDelivery;
  return { arrival: receiver.arrivals.at(-1) as Arrival, row, told };
}
const signersOf = async (webhookId: WebhookId): Promise<string[]> => {
  const { signing, accountId } = await getWebhook(system.db, of(webhookId));
  return openSigning(system.keys, accountId, signing as never).map(({ secret }) => secret);
};
const verify = (secret: string | undefined, { body, headers }: Arrival): unknown =>
  new Webhook(secret ?? '').verify(body, headers as Record<string, string>);

test('the official library verifies what arrives, bytes beyond ASCII included', async () => {
  const webhookId = await makeWebhook(system, { url: receiver.url, body: '{"name":"[First Name] 🦁"}' });
  const { arrival, row } = await sendOnce(webhookId);
  const [secret] = await signersOf(webhookId);
  expect(verify(secret, arrival)).toEqual({ name: 'Löwe 🦁' });
  expect(arrival.headers['webhook-id']).toBe(row._id);
  expect(Math.abs(Number(arrival.headers['webhook-timestamp']) - arrival.atMs / 1000)).toBeLessThan(3);
});

test('a request without a body is signed over the empty text', async () => {
  const webhookId = await makeWebhook(system, { url: receiver.url, method: 'DELETE', body: '' });
  const { arrival } = await sendOnce(webhookId);
  const [secret = ''] = await signersOf(webhookId);
  const at = new Date(Number(arrival.headers['webhook-timestamp']) * 1000);
  expect(arrival.headers['webhook-signature']).toBe(new Webhook(secret).sign(arrival.deliveryId, at, ''));
});

test('during the overlap either secret verifies, and after it the old one no longer does', async () => {
  const webhookId = await makeWebhook(system, { url: receiver.url });
  const [old] = await signersOf(webhookId);
  const { secret: fresh } = await transaction(system.db, (session) =>
    rotateSigning(system.db, session, { ...of(webhookId), keys: system.keys, overlapMs: 3_600_000 }),
  );
  const during = (await sendOnce(webhookId)).arrival;
  for (const secret of [fresh, old]) expect(verify(secret, during)).toEqual({ name: 'Löwe' });

  const set = { 'signing.previous.until': new Date(Date.now() - 1) };
  await system.db.model(WEBHOOKS).updateOne({ _id: webhookId }, { $set: set });
  const after = (await sendOnce(webhookId)).arrival;
  expect(verify(fresh, after)).toEqual({ name: 'Löwe' });
  expect(() => verify(old, after)).toThrow(/No matching signature/);
  expect(String(after.headers['webhook-signature']).split(' ')).toHaveLength(1);
});

test('a webhook that does not sign still sends its id, attempt and time', async () => {
  const webhookId = await makeWebhook(system, { url: receiver.url, isSigned: false });
  const { arrival, row } = await sendOnce(webhookId);
  expect(arrival.headers).toMatchObject({ 'webhook-id': row._id, 'webhook-attempt': '1' });
  expect(arrival.headers).toHaveProperty('webhook-timestamp');
  expect(arrival.headers).not.toHaveProperty('webhook-signature');
});

test('a webhook of before signatures is signed from its next attempt on', async () => {
  const webhookId = await makeWebhook(system, { url: receiver.url });
  await system.db.model(WEBHOOKS).updateOne({ _id: webhookId }, { $unset: { signing: 1, 'settings.isSigned': 1 } });
  const { arrival } = await sendOnce(webhookId);
  const [secret] = await signersOf(webhookId);
  expect(verify(secret, arrival)).toEqual({ name: 'Löwe' });
});

test('secret headers arrive with their merge fields, and the log masks them, echoes included', async () => {
  receiver.answer = ({ headers }) => ({
    status: 200,
    headers: { 'x-mine': String(headers['x-mine']), 'x-echo': String(headers.authorization), 'set-cookie': 'sid=1' },
    body: JSON.stringify(headers),
  });
  const webhookId = await makeWebhook(system, {
    url: receiver.url,
    headers: [
      { name: 'Authorization', value: 'Bearer token-of-[Email]' },
      { name: 'X-Mine', value: 'mine-"quoted"', isSecret: true },
      { name: 'X-Plain', value: 'plain-value' },
    ],
  });
  const { arrival, row, told } = await sendOnce(webhookId);
  expect(arrival.headers).toMatchObject({
    authorization: 'Bearer token-of-ada@example.com',
    'x-mine': 'mine-"quoted"',
  });
  const [attempt] = row.attempts;
  expect(attempt?.request?.headers).toMatchObject({
    authorization: '•••',
    'x-mine': '•••',
    'x-plain': 'plain-value',
    'webhook-signature': arrival.headers['webhook-signature'],
  });
  expect(attempt?.response?.headers).toMatchObject({ 'x-mine': '•••', 'x-echo': '•••', 'set-cookie': '•••' });
  expect(attempt?.response?.body).toContain('plain-value');
  for (const kept of [JSON.stringify(row), JSON.stringify(told)]) expect(kept).not.toMatch(/token-of|quoted|whsec_/);
});

test('a secret header without a value sends nothing and says which', async () => {
  const headers = [{ name: 'Authorization', isSecret: true, value: '' }];
  const webhookId = await makeWebhook(system, { url: receiver.url, headers });
  const { row } = await sendOnce(webhookId);
  expect(receiver.arrivals).toEqual([]);
  expect(row).toMatchObject({ status: 'failed', class: 'invalid' });
  expect(row.attempts[0]?.error).toContain('the secret header Authorization has no value yet');
});

test('a key that is missing is our own fault: nothing is sent, and no attempt is used', async () => {
  const webhookId = await makeWebhook(system, { url: receiver.url });
  const { signing } = newSigning(testKeys(`gone:${Buffer.alloc(32).toString('base64')}`), accountOf());
  await system.db.model(WEBHOOKS).updateOne({ _id: webhookId }, { $set: { signing } });
  const { row, told } = await sendOnce(webhookId);
  expect(told).toMatchObject({ kind: 'not-yet', isOwnFault: true });
  expect([row.attempts, receiver.arrivals]).toEqual([[], []]);
});
