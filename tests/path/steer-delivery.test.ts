import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TagId, WebhookId } from '../../schemas/ids';
import type { WebhookSettings } from '../../schemas/webhook';
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

const hourly = { preset: 'custom' as const, gapsSeconds: [3600, 3600, 3600] };
const get = async (deliveryId: string) => (await api.ada.call('GET', `/v1/deliveries/${deliveryId}`)).body;
const command = (deliveryId: string, verb: string, body?: unknown) =>
  api.ada.call('POST', `/v1/deliveries/${deliveryId}/${verb}`, body);
const untilStatus = (deliveryId: string, status: string) =>
  until(`${status}, not ${receiver.arrivals.length} arrivals`, async () => {
    const row = await get(deliveryId);
    return row.status === status && row;
  });

/** A map with one webhook. @returns how to send a record through it, and the delivery that follows */
async function draw(settings: Partial<WebhookSettings> = {}) {
  const [tagId] = (await makeTags(api.system, `Customer ${tags++}`)) as [TagId];
  const webhookId = await makeWebhook(api.system, { url: `${receiver.url}/crm`, ...settings });
  const { mapId } = await makeMap(api.system, tagToWebhook(tagId, webhookId));
  const enter = async (firstname = 'Ada') => {
    const { _id: recordId } = await makeRecord(api.system, { firstname }, [tagId]);
    const row = await until('the delivery', async () => {
      const { body } = await api.ada.call('GET', `/v1/deliveries?recordId=${recordId}`);
      return body.items[0];
    });
    return { recordId, deliveryId: row.id as string, entryId: row.source.entryId as string };
  };
  return { webhookId: webhookId as WebhookId, mapId, enter };
}
const fail = (status = 500) => {
  receiver.answer = () => ({ status });
};

test('retry now sends a delivery that waits for its next attempt at once, and the entry goes on', async () => {
  fail();
  const { enter } = await draw({ schedule: hourly });
  const { deliveryId, entryId } = await enter();
  await untilStatus(deliveryId, 'waiting-retry');
  receiver.answer = () => ({ status: 200 });
  expect((await command(deliveryId, 'retry')).status).toBe(200);
  const row = await untilStatus(deliveryId, 'delivered');
  expect(row.attempts.map((line: { status: number }) => line.status)).toEqual([500, 200]);
  expect(new Set(receiver.arrivals.map((arrival) => arrival.deliveryId))).toEqual(new Set([deliveryId]));
  await until('the end of the entry', async () => {
    const { body } = await api.ada.call('GET', `/v1/entries/${entryId}`);
    return body.endReason === 'completed';
  });
});

test('retries by hand use up the attempts that are left and no more', async () => {
  fail();
  const { enter } = await draw({ schedule: hourly, maxAttempts: 3 });
  const { deliveryId } = await enter();
  for (let sent = 1; sent < 3; sent++) {
    await until('the attempt', async () => {
      const row = await get(deliveryId);
      return row.status === 'waiting-retry' && row.attempts.length === sent;
    });
    await command(deliveryId, 'retry');
  }
  await untilStatus(deliveryId, 'failed');
  expect(receiver.arrivals).toHaveLength(3);
  expect((await command(deliveryId, 'retry')).body.code).toBe('delivery.ended');
});

test('a retry by hand while the request is on its way is refused, and however often it is asked for at once it sends one more', async () => {
  receiver.answer = () => ({ status: 500, delayMs: 1500 });
  const { enter } = await draw({ schedule: hourly, maxAttempts: 4 });
  const { deliveryId } = await enter();
  await until('the request', () => receiver.arrivals.length === 1);
  const answer = await command(deliveryId, 'retry');
  expect(answer.body.code).toBe('delivery.sending');
  await untilStatus(deliveryId, 'waiting-retry');
  const answers = await Promise.all(Array.from({ length: 5 }, () => command(deliveryId, 'retry')));
  expect(answers.some(({ status }) => status === 200)).toBe(true);
  await until('the second attempt in the log', async () => {
    const { status, attempts } = await get(deliveryId);
    return status === 'waiting-retry' && attempts.length === 2;
  });
  expect(receiver.arrivals).toHaveLength(2);
  // One wish too many would have a request on its way by now, and this one be refused or come on top of it.
  expect((await command(deliveryId, 'retry')).status).toBe(200);
  await until('the third request', () => receiver.arrivals.length === 3);
  const { status, attempts } = (await command(deliveryId, 'cancel')).body;
  expect([status, attempts.length]).toEqual(['cancelled', 3]);
  expect(receiver.arrivals).toHaveLength(3);
});

test('a cancelled delivery sends nothing more, and its entry goes on', async () => {
  fail();
  const { enter } = await draw({ schedule: hourly });
  const { deliveryId, entryId } = await enter();
  await untilStatus(deliveryId, 'waiting-retry');
  const answer = await command(deliveryId, 'cancel');
  expect(answer.body).toMatchObject({ status: 'cancelled', nextAttemptAt: null, waitingFor: null });
  expect(answer.body.attempts).toHaveLength(1);
  expect((await command(deliveryId, 'cancel')).body.code).toBe('delivery.ended');
  await until('the end of the entry', async () => {
    const { body } = await api.ada.call('GET', `/v1/entries/${entryId}`);
    return body.status === 'ended' && body.timeline.some(({ detail }: { detail: string }) => /cancelled/.test(detail));
  });
});

test('a replay keeps the id, says so, gets all attempts again and uses the settings of now', async () => {
  fail(400);
  const { enter, webhookId } = await draw();
  const { deliveryId } = await enter();
  await untilStatus(deliveryId, 'failed');
  const { body: webhook } = await api.ada.call('GET', `/v1/webhooks/${webhookId}`);
  const settings = { ...webhook.settings, url: `${receiver.url}/new` };
  await api.ada.call('PUT', `/v1/webhooks/${webhookId}`, { settings });
  receiver.answer = () => ({ status: 200 });
  expect((await command(deliveryId, 'replay')).body).toMatchObject({ id: deliveryId, replays: 1 });
  const row = await untilStatus(deliveryId, 'delivered');
  expect(row.attempts.map((line: { number: number; replay?: number }) => [line.number, line.replay])).toEqual([
    [1, undefined],
    [1, 1],
  ]);
  expect(
    receiver.arrivals.map(({ path, headers }) => [path, headers['webhook-id'], headers['webhook-attempt']]),
  ).toEqual([
    ['/crm', deliveryId, '1'],
    ['/new', deliveryId, '1'],
  ]);
  expect((await command(deliveryId, 'replay')).body.replays).toBe(2);
  await untilStatus(deliveryId, 'delivered');
});

test('a delivery that is not over cannot be replayed, and one whose record is gone neither', async () => {
  fail();
  const { enter } = await draw({ schedule: hourly });
  const { deliveryId, recordId } = await enter();
  await untilStatus(deliveryId, 'waiting-retry');
  expect((await command(deliveryId, 'replay')).body.code).toBe('delivery.open');
  await api.ada.call('DELETE', `/v1/records/${recordId}`);
  await untilStatus(deliveryId, 'cancelled');
  expect((await command(deliveryId, 'replay')).body.code).toBe('record.not-found');
});

test('edit-and-retry sends the URL and body that a person wrote, as they stand', async () => {
  fail(422);
  const { enter } = await draw();
  const { deliveryId } = await enter('[Email]');
  await untilStatus(deliveryId, 'failed');
  receiver.answer = () => ({ status: 200 });
  const body = '{"name":"Ada [Email]","odd":["[First Name]"]}';
  const answer = await command(deliveryId, 'edit-and-retry', { url: `${receiver.url}/mended?a=[First Name]`, body });
  expect(answer.body).toMatchObject({ isEdited: true, replays: 1 });
  await untilStatus(deliveryId, 'delivered');
  const last = receiver.arrivals.at(-1);
  expect(last?.body).toBe(body);
  expect(last?.path).toBe('/mended?a=[First%20Name]');
  expect(last?.headers['content-type']).toMatch(/json/);
});

test.each([
  ['no URL', { url: 'nonsense', body: '' }, 'url'],
  ['a private address', { url: 'https://10.0.0.1/', body: '' }, 'url'],
  ['a huge body', { url: 'https://example.com', body: 'x'.repeat(300_000) }, 'body'],
  ['nothing', {}, 'url'],
])('edit-and-retry with %s is refused and changes nothing', async (_, override, path) => {
  fail(422);
  const { enter } = await draw();
  const { deliveryId } = await enter();
  await untilStatus(deliveryId, 'failed');
  const answer = await command(deliveryId, 'edit-and-retry', override);
  expect(answer.status).toBe(400);
  expect(answer.body.problems[0].path).toBe(path);
  expect(await get(deliveryId)).toMatchObject({ status: 'failed', isEdited: false, replays: 0 });
});
