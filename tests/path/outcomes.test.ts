import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Attempt, StoredDelivery } from '../../schemas/delivery';
import type { TagId, WebhookId } from '../../schemas/ids';
import type { WebhookSettings } from '../../schemas/webhook';
import { DELIVERIES } from '../../store/deliveries';
import { custom } from '../servers/draw';
import { makeMap, makeRecord, makeTags, makeWebhook, tagToWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { until } from '../servers/until';

const SECONDLY = { preset: 'custom' as const, gapsSeconds: Array(9).fill(1) as number[] };

let api: TestApi;
let receiver: Receiver;
let tags = 0;
beforeAll(async () => {
  receiver = await openReceiver(({ path }) => ({ status: Number(path.split('/')[1]) || 200 }));
  api = await openTestApi({ isWorking: true });
});
afterAll(async () => {
  await api.close();
  await receiver.close();
});

const rowsOf = (filter: object): Promise<StoredDelivery[]> =>
  api.system.db
    .model(DELIVERIES)
    .find(filter as object)
    .lean<StoredDelivery[]>();

/** Sends one record through a webhook. @returns its delivery when it is over */
async function send(settings: Partial<WebhookSettings> & { url: string }, fields = {}): Promise<StoredDelivery> {
  const [tagId] = (await makeTags(api.system, `Outcome ${tags++}`)) as [TagId];
  const webhookId: WebhookId = await makeWebhook(api.system, { schedule: SECONDLY, ...settings });
  await makeMap(api.system, tagToWebhook(tagId, webhookId));
  await makeRecord(api.system, { firstname: 'Ada', ...fields }, [tagId]);
  return until('the end of the delivery', async () => (await rowsOf({ webhookId, finishedAt: { $ne: null } }))[0]);
}
const statusesOf = (row: StoredDelivery) => row.attempts.map(({ status }: Attempt) => status);

test('a receiver that always answers 403 gets exactly four attempts, each in the log, and the delivery ends as failed', async () => {
  const row = await send({ url: `${receiver.url}/403/auto` });
  expect(row).toMatchObject({ status: 'failed', class: 'config', responseStatus: 403 });
  expect(statusesOf(row)).toEqual([403, 403, 403, 403]);
  expect(receiver.arrivals.filter(({ path }) => path === '/403/auto')).toHaveLength(4);
});

test('with the policy "all" it gets every attempt of the webhook, and a 400 too; with a custom one what it names', async () => {
  const all = await send({ url: `${receiver.url}/403/all`, maxAttempts: 6, retryPolicy: { kind: 'all' } });
  expect(statusesOf(all)).toHaveLength(6);
  const refused = await send({ url: `${receiver.url}/400/all`, maxAttempts: 3, retryPolicy: { kind: 'all' } });
  expect(statusesOf(refused)).toEqual([400, 400, 400]);
  const retryPolicy = { kind: 'custom' as const, statuses: '4xx,!403' };
  expect(statusesOf(await send({ url: `${receiver.url}/400/custom`, maxAttempts: 2, retryPolicy }))).toHaveLength(2);
  expect(statusesOf(await send({ url: `${receiver.url}/403/custom`, maxAttempts: 2, retryPolicy }))).toHaveLength(1);
});

test('a request that a record’s values make impossible fails that delivery alone, without a request; the worker lives', async () => {
  const url = `${receiver.url}/200/[First Name]/x`;
  const broken = await send({ url }, { firstname: '..' });
  expect(broken).toMatchObject({ status: 'failed', class: 'invalid' });
  expect(broken.attempts).toHaveLength(1);
  expect(broken.attempts[0]?.error).toMatch(/not sent/);
  expect(await send({ url }, { firstname: 'Grace' })).toMatchObject({ status: 'delivered' });
  expect(receiver.arrivals.filter(({ path }) => /^\/200\/.*\/x$/.test(path)).map(({ path }) => path)).toEqual([
    '/200/Grace/x',
  ]);
});

test('one event that three webhooks wait for, posted five times at once, makes three deliveries', async () => {
  const webhookIds: WebhookId[] = [];
  for (const n of [1, 2, 3]) {
    const webhookId = await makeWebhook(api.system, { url: `${receiver.url}/200/event/${n}` });
    webhookIds.push(webhookId);
    await makeMap(api.system, {
      settings: { reentry: 'always' },
      elements: [
        { id: 'start', kind: 'trigger', title: '', settings: { events: [custom('order.shipped')] } },
        { id: 'send', kind: 'webhook', title: '', settings: { webhookId, onFailure: 'continue' } },
        { id: 'end', kind: 'end', title: '', settings: {} },
      ],
      edges: [
        { from: 'start', port: 'next', to: 'send' },
        { from: 'send', port: 'next', to: 'end' },
      ],
    });
  }
  const { _id: recordId } = await makeRecord(api.system, {});
  const headers = { 'idempotency-key': 'order 17 was shipped' };
  const posts = Array.from({ length: 5 }, () =>
    api.ada.call('POST', '/v1/events', { recordId, name: 'order.shipped' }, { headers }),
  );
  const answers = await Promise.all(posts);
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  await until(
    'three deliveries',
    async () => (await rowsOf({ webhookId: { $in: webhookIds }, status: 'delivered' })).length === 3,
  );
  // Another event of the same record is handled after it, so whatever the first one causes has been caused.
  const { body: last } = await api.ada.call('POST', '/v1/events', { recordId, name: 'something.else' });
  await until(
    'the later event',
    async () => (await api.ada.call('GET', `/v1/events/${last.id}`)).body.status === 'settled',
  );
  expect(await rowsOf({ webhookId: { $in: webhookIds } })).toHaveLength(3);
  expect(receiver.arrivals.filter(({ path }) => path.startsWith('/200/event/'))).toHaveLength(3);
});
