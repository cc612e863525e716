import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TagId, WebhookId } from '../../schemas/ids';
import type { WebhookSettings } from '../../schemas/webhook';
import { findDelivery } from '../../store/deliveries';
import { PACES } from '../../store/paces';
import { makeMap, makeRecord, makeTags, makeWebhook, tagToWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { until } from '../servers/until';

let api: TestApi;
let receiver: Receiver;
let tags = 0;
beforeAll(async () => {
  api = await openTestApi({ isWorking: true });
});
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(() => receiver.close());
afterAll(() => api.close());

const post = async (path: string, body: unknown = {}) => {
  const answer = await api.ada.call('POST', path, body);
  if (answer.status >= 300) throw new Error(answer.text);
  return answer.body;
};
const get = async (path: string) => (await api.ada.call('GET', path)).body;
const rows = async (webhookId: WebhookId) => (await get(`/v1/deliveries?webhookId=${webhookId}&limit=100`)).items;
const untilAll = (webhookId: WebhookId, status: string, count: number) =>
  until(`${count} ${status}`, async () => {
    const all = await rows(webhookId);
    return all.filter((row: { status: string }) => row.status === status).length === count && all;
  });

async function draw(settings: Partial<WebhookSettings> = {}) {
  const [tagId] = (await makeTags(api.system, `Held ${tags++}`)) as [TagId];
  const webhookId = await makeWebhook(api.system, { url: `${receiver.url}/crm`, ...settings });
  await makeMap(api.system, tagToWebhook(tagId, webhookId));
  const enter = async (...names: string[]) => {
    for (const firstname of names) await makeRecord(api.system, { firstname }, [tagId]);
  };
  return { webhookId, enter };
}
type Row = { id: string };
const names = (): string[] => receiver.arrivals.map(({ body }) => JSON.parse(body).name);

test('a paused webhook sends nothing, holds its deliveries without an attempt, and sends them about in order when resumed', async () => {
  const { webhookId, enter } = await draw({ requestsPerMinute: 30 });
  await post(`/v1/webhooks/${webhookId}/pause`, { reason: 'The CRM moves.' });
  await enter('a', 'b', 'c', 'd', 'e', 'f');
  const held = await untilAll(webhookId, 'held', 6);
  expect(held[0]).toMatchObject({ attemptCount: 0, waitingFor: expect.stringMatching(/paused/) });
  expect(await get(`/v1/webhooks/${webhookId}/queue`)).toMatchObject({ length: 6, held: 6, clearsInSeconds: null });
  expect((await get(`/v1/webhooks/${webhookId}`)).statusReason).toBe('The CRM moves.');
  expect(receiver.arrivals).toEqual([]);

  expect((await post(`/v1/webhooks/${webhookId}/resume`)).status).toBe('active');
  await untilAll(webhookId, 'delivered', 6);
  // The order in which they came to wait: that of their ids.
  const waited = held.map(({ id }: { id: string }) => id).sort();
  const sent = receiver.arrivals.map(({ headers }) => String(headers['webhook-id']));
  expect([...sent].sort()).toEqual(waited);
  const overtaken = sent.map((id, index) => Math.abs(waited.indexOf(id) - index));
  expect(Math.max(...overtaken)).toBeLessThanOrEqual(2);
});

test('what a paused webhook holds can be dropped by choice: then it is active and sends only what comes later', async () => {
  const { webhookId, enter } = await draw();
  await post(`/v1/webhooks/${webhookId}/pause`);
  await enter('a', 'b');
  await untilAll(webhookId, 'held', 2);
  await post(`/v1/webhooks/${webhookId}/resume`, { waiting: 'drop' });
  await untilAll(webhookId, 'cancelled', 2);
  await until('active', async () => (await get(`/v1/webhooks/${webhookId}`)).status === 'active');
  await enter('later');
  await untilAll(webhookId, 'delivered', 1);
  expect(names()).toEqual(['later']);
});

test('410 Gone ends the delivery, disables the webhook with its reason and a notice, and holds what waits', async () => {
  receiver.answer = () => ({ status: 410 });
  const { webhookId, enter } = await draw();
  await enter('a');
  await untilAll(webhookId, 'failed', 1);
  const webhook = await until('disabled', async () => {
    const read = await get(`/v1/webhooks/${webhookId}`);
    return read.status !== 'active' && read;
  });
  expect(webhook).toMatchObject({ status: 'disabled', statusReason: expect.stringMatching(/410 Gone/) });
  const { items } = await get(`/v1/notices?webhookId=${webhookId}`);
  expect(items).toMatchObject([{ kind: 'disabled', webhookId }]);
  await enter('b');
  await untilAll(webhookId, 'held', 1);
  expect(receiver.arrivals).toHaveLength(1);
  receiver.answer = () => ({ status: 200 });
  await post(`/v1/webhooks/${webhookId}/resume`);
  await untilAll(webhookId, 'delivered', 1);
});

test('a raised limit gives those who wait new turns', async () => {
  const { webhookId, enter } = await draw({ requestsPerMinute: 1 });
  await enter('a', 'b', 'c', 'd');
  await until('the first', () => receiver.arrivals.length === 1);
  await until('the queue', async () => (await get(`/v1/webhooks/${webhookId}/queue`)).length === 3);
  expect((await get(`/v1/webhooks/${webhookId}/queue`)).clearsInSeconds).toBeGreaterThan(60);
  const { settings } = await get(`/v1/webhooks/${webhookId}`);
  await api.ada.call('PUT', `/v1/webhooks/${webhookId}`, { settings: { ...settings, requestsPerMinute: 180 } });
  await until('all of them', () => receiver.arrivals.length === 4);
});

test('the circuit breaker opens when most attempts fail, uses no attempts of those who wait, and one probe closes it', async () => {
  receiver.answer = () => ({ status: 503 });
  const { webhookId, enter } = await draw({ schedule: { preset: 'none' } });
  await enter(...Array.from({ length: 10 }, (_, n) => `n${n}`));
  await untilAll(webhookId, 'failed', 10);
  const items = await until('the notice', async () => {
    const { items } = await get(`/v1/notices?webhookId=${webhookId}`);
    return items.length > 0 && items;
  });
  expect(items).toMatchObject([{ kind: 'breaker-opened' }]);
  const pace = api.system.db.model(PACES);
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);
  const turnAt = inSeconds(20);
  await pace.updateOne({ _id: webhookId }, { $set: { openUntil: turnAt, turnAt } });
  await enter('waits', 'waits too');
  await until('two turns', async () => Number((await pace.findById(webhookId).lean())?.turnAt) - Number(turnAt) > 600);
  await pace.updateOne({ _id: webhookId }, { $set: { openUntil: inSeconds(600) } });
  const waiting = await untilAll(webhookId, 'waiting-slot', 2);
  expect(waiting[0]).toMatchObject({ attemptCount: 0, waitingFor: expect.stringMatching(/circuit breaker/) });
  // They woke for their turns, looked, and began no attempt.
  for (const { id } of waiting.slice(0, 2)) expect((await findDelivery(api.system.db, id))?.newest.attempt).toBe(0);
  const queue = await get(`/v1/webhooks/${webhookId}/queue`);
  expect(queue.breaker.isOpen).toBe(true);
  expect(queue.failing.attempts).toBe(10);
  expect(receiver.arrivals).toHaveLength(10);

  receiver.answer = () => ({ status: 200 });
  const past = inSeconds(-1);
  await pace.updateOne({ _id: webhookId }, { $set: { openUntil: past, bounceAt: past } });
  // One is told to try; when it is through, the other is told too.
  await untilAll(webhookId, 'delivered', 2);
  const newest = await Promise.all(waiting.slice(0, 2).map(({ id }: Row) => findDelivery(api.system.db, id as never)));
  expect(newest.map((row) => row?.newest)).toEqual([
    { call: 0, attempt: 1 },
    { call: 0, attempt: 1 },
  ]);
  const after = await get(`/v1/webhooks/${webhookId}/queue`);
  expect(after).toMatchObject({ breaker: { isOpen: false }, failing: null });
});

test('a webhook without a success for 3 days and 100 attempts is disabled, with a notice each day before', async () => {
  receiver.answer = () => ({ status: 500 });
  const { webhookId, enter } = await draw({ schedule: { preset: 'none' } });
  const failingSince = async (hours: number, count: number, notices: number) => {
    const failing = { count, since: new Date(Date.now() - hours * 3_600_000), notices };
    await api.system.db.model(PACES).updateOne({ _id: webhookId }, { $set: { failing } } as object);
  };
  const kinds = async () =>
    (await get(`/v1/notices?webhookId=${webhookId}`)).items.map(({ kind }: { kind: string }) => kind);
  await failingSince(25, 40, 0);
  await enter('a');
  await untilAll(webhookId, 'failed', 1);
  await until('a notice', async () => (await kinds()).join() === 'failing');
  await failingSince(73, 99, 2);
  await enter('b');
  await until('disabled', async () => (await get(`/v1/webhooks/${webhookId}`)).status === 'disabled');
  expect(await kinds()).toEqual(['disabled', 'failing']);
  await enter('c');
  await untilAll(webhookId, 'held', 1);
  expect(receiver.arrivals).toHaveLength(2);
});

test('429 with Retry-After slows the whole webhook down: nobody else is sent before the time it asked for', async () => {
  let isBusy = true;
  receiver.answer = () => (isBusy ? { status: 429, headers: { 'retry-after': '4' } } : { status: 200 });
  const { webhookId, enter } = await draw({ schedule: { preset: 'custom', gapsSeconds: [1, 1] } });
  await enter('a');
  const first = await until('the 429', () => receiver.arrivals[0]);
  await untilAll(webhookId, 'waiting-retry', 1);
  isBusy = false;
  await enter('b');
  await untilAll(webhookId, 'delivered', 2);
  for (const later of receiver.arrivals.slice(1)) expect(later.atMs - first.atMs).toBeGreaterThanOrEqual(3900);
});
