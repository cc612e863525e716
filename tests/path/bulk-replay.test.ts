import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { jobWorkflowIdOf, newId } from '../../lib/ids';
import type { StoredDelivery } from '../../schemas/delivery';
import type { JobId, WebhookId } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { insertDelivery } from '../../store/deliveries';
import { makeRecord, makeWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { spawnWorker, type WorkerProcess } from '../servers/spawn-worker';
import { loggedAttempt, storedDelivery } from '../servers/stored';
import { until } from '../servers/until';

let api: TestApi;
let receiver: Receiver;
let worker: WorkerProcess | undefined;
beforeAll(async () => {
  api = await openTestApi({ isWorking: true, hasWorkers: false });
  worker = await spawnWorker(api.system);
});
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(() => receiver.close());
afterAll(async () => {
  await worker?.stop();
  await api.close();
});

/** Ended deliveries, oldest first; of a new webhook unless one is given. */
async function makeEnded(count: number, given: Partial<StoredDelivery> = {}): Promise<WebhookId> {
  const { db, account } = api.system;
  const webhookId = given.webhookId ?? (await makeWebhook(api.system, { url: receiver.url }));
  const { _id: recordId } = await makeRecord(api.system, { firstname: 'Ada' });
  await transaction(db, async (session) => {
    for (let n = 0; n < count; n++) {
      const base = { accountId: account.account._id, webhookId, recordId, status: 'failed' as const };
      await insertDelivery(db, session, storedDelivery({ _id: newId('delivery'), ...base, ...given }));
    }
  });
  return webhookId;
}
const replay = async (filter: object, isDryRun = false) =>
  (await api.ada.call('POST', '/v1/deliveries/replay', { filter, isDryRun })).body;
const jobOf = async (jobId: string) => (await api.ada.call('GET', `/v1/jobs/${jobId}`)).body;
const untilJob = (jobId: string, status: string) =>
  until(`a job that is ${status}`, async () => {
    const job = await jobOf(jobId);
    return job.status === status && job;
  });
const idsThatArrived = () => receiver.arrivals.map(({ deliveryId }) => deliveryId);

test('a dry run counts what a filter names and sends nothing', async () => {
  const webhookId = await makeEnded(3);
  expect(await replay({ webhookId }, true)).toEqual({ count: 3, job: null });
  expect(await replay({ webhookId, statuses: ['delivered'] }, true)).toEqual({ count: 0, job: null });
  expect(await replay({ webhookId, to: '2026-01-01T00:00:00Z' }, true)).toEqual({ count: 0, job: null });
  expect(await replay({ webhookId, from: '2026-01-01T00:00:00+02:00' }, true)).toEqual({ count: 3, job: null });
  const source = { type: 'rule' as const, ruleId: newId('rule'), name: 'Welcome', eventId: newId('event'), action: 0 };
  await makeEnded(1, { source, host: 'crm.example' });
  const byAll = { ruleId: source.ruleId, type: 'rule', host: 'CRM.example' };
  expect(await replay(byAll, true)).toMatchObject({ count: 1 });
  for (const other of [{ type: 'map' }, { host: 'other.example' }, { subscriptionId: newId('subscription') }])
    expect(await replay({ ...byAll, ...other }, true)).toMatchObject({ count: 0 });
  expect(receiver.arrivals).toEqual([]);
});

test('a filter may name the answer, the number of attempts and a text, as in the webhook log', async () => {
  const answered = (status: number, body: string) => ({
    responseStatus: status,
    attempts: [loggedAttempt(0, 1, { status, response: { headers: {}, body, isTruncated: false } })],
  });
  const webhookId = await makeEnded(2, answered(503, 'Down for maintenance'));
  await makeEnded(1, { webhookId, ...answered(500, 'Out of (all) memory') });
  const countOf = async (filter: object) => (await replay({ webhookId, ...filter }, true)).count;
  expect(await countOf({ responseStatus: '503' })).toBe(2);
  expect(await countOf({ responseStatus: '5xx' })).toBe(3);
  expect(await countOf({ responseStatus: '404,500' })).toBe(1);
  expect(await countOf({ text: 'MAINTENANCE' })).toBe(2);
  expect(await countOf({ text: '(all)', responseStatus: '5xx' })).toBe(1);
  expect(await countOf({ text: '.*' })).toBe(0);
  expect(await countOf({ minAttempts: 1 })).toBe(3);
  expect(await countOf({ minAttempts: 2 })).toBe(0);
  const { job } = await replay({ webhookId, text: 'out of (ALL)' });
  expect(await untilJob(job.id, 'completed')).toMatchObject({ total: 1, done: 1, filter: { text: 'out of (ALL)' } });
});

test('a filter that says nothing that can be meant is refused by name, and nothing is replayed', async () => {
  const webhookId = await makeEnded(1);
  const refused = async (filter: object) => {
    const { status, body } = await api.ada.call('POST', '/v1/deliveries/replay', { filter: { webhookId, ...filter } });
    return [status, body.problems?.map(({ path }: { path: string }) => path)];
  };
  expect(await refused({ responseStatus: '5xx,9' })).toEqual([400, ['filter.responseStatus']]);
  expect(await refused({ responseStatus: 503 })).toEqual([400, ['filter.responseStatus']]);
  expect(await refused({ minAttempts: '2' })).toEqual([400, ['filter.minAttempts']]);
  expect(await refused({ text: '' })).toEqual([400, ['filter.text']]);
  expect(await refused({ text: 'a'.repeat(201) })).toEqual([400, ['filter.text']]);
  expect(await refused({ from: '2026-02-01T00:00:00Z', to: '2026-02-01T01:00:00+02:00' })).toEqual([
    400,
    ['filter.to'],
  ]);
  expect((await api.ada.call('GET', `/v1/deliveries?webhookId=${webhookId}`)).body.items[0].replays).toBe(0);
});

test('a job replays what its filter names, each once with its id, and not what comes later', async () => {
  const webhookId = await makeEnded(4);
  await makeEnded(1, { webhookId, status: 'delivered' });
  await makeEnded(1);
  const { count, job } = await replay({ webhookId });
  expect(count).toBe(4);
  await makeEnded(1, { webhookId });
  expect(await untilJob(job.id, 'completed')).toMatchObject({ total: 4, done: 4, skipped: 0 });
  type Row = { id: string; status: string; replays: number };
  const rows = await until('all of them', async () => {
    const { body } = await api.ada.call('GET', `/v1/deliveries?webhookId=${webhookId}`);
    return body.items.every(({ status, replays }: Row) => replays === 0 || status === 'delivered') && body.items;
  });
  // Newest first: what came later, what was delivered before, and those that were missed.
  expect(rows.map(({ status, replays }: Row) => [status, replays])).toEqual([
    ['failed', 0],
    ['delivered', 0],
    ...Array.from({ length: 4 }, () => ['delivered', 1]),
  ]);
  expect(receiver.arrivals).toHaveLength(4);
  expect(new Set(idsThatArrived())).toEqual(new Set(rows.slice(2).map(({ id }: Row) => id)));
});

/** More than one page, which is 50. */
const TWO_PAGES = 52;
const workflowOf = (jobId: string) => api.system.engine.client.workflow.getHandle(jobWorkflowIdOf(jobId as JobId));
const replaysOf = async (webhookId: WebhookId): Promise<number> =>
  (await api.ada.call('GET', `/v1/deliveries?webhookId=${webhookId}&limit=100`)).body.items.filter(
    ({ replays }: { replays: number }) => replays > 0,
  ).length;

test('a cancelled job does nothing more, and one that is over says so', async () => {
  const webhookId = await makeEnded(TWO_PAGES);
  const { job } = await replay({ webhookId });
  const answer = await api.ada.call('POST', `/v1/jobs/${job.id}/cancel`);
  expect(answer.body.status).toBe('cancelled');
  expect((await api.ada.call('POST', `/v1/jobs/${job.id}/resume`)).body.code).toBe('job.ended');
  await until('its end', async () => (await workflowOf(job.id).describe()).status.name === 'COMPLETED');
  // At most the page under way is finished.
  expect(await replaysOf(webhookId)).toBeLessThanOrEqual(50);
  expect(await jobOf(job.id)).toMatchObject({ status: 'cancelled' });
});

test('a paused job waits and goes on when it is resumed; a worker killed in the middle loses and repeats nothing', async () => {
  const webhookId = await makeEnded(TWO_PAGES);
  const { job } = await replay({ webhookId });
  await api.ada.call('POST', `/v1/jobs/${job.id}/pause`);
  await until('its rest', async () => {
    const { events } = await workflowOf(job.id).fetchHistory();
    return events?.some(({ timerStartedEventAttributes: timer }) => timer);
  });
  // At most the page that was under way is done.
  expect(await replaysOf(webhookId)).toBeLessThanOrEqual(50);
  expect(await jobOf(job.id)).toMatchObject({ status: 'paused', finishedAt: null });
  await api.ada.call('POST', `/v1/jobs/${job.id}/resume`);
  await until('the first', () => receiver.arrivals.length > 0);
  await worker?.stop();
  worker = await spawnWorker(api.system);
  await untilJob(job.id, 'completed');
  await until(
    'all of them',
    async () => {
      const { body } = await api.ada.call('GET', `/v1/deliveries?webhookId=${webhookId}&limit=100`);
      return body.items.filter(({ status }: { status: string }) => status === 'delivered').length === TWO_PAGES;
    },
    90_000,
  );
  expect(new Set(idsThatArrived()).size).toBe(TWO_PAGES);
  // Requests on their way when the worker was killed may come once more, with the same id.
  expect(receiver.arrivals.length).toBeLessThanOrEqual(TWO_PAGES + 4);
}, 150_000);

test.each([
  ['an open status', { statuses: ['queued'] }],
  ['no status', { statuses: [] }],
  ['a time that is none', { from: 'yesterday' }],
  ['a field it does not know', { webhok: 'x' }],
])('a filter with %s is refused', async (_, filter) => {
  const answer = await api.ada.call('POST', '/v1/deliveries/replay', { filter });
  expect(answer.status).toBe(400);
  expect(answer.body.problems[0].path).toMatch(/^filter/);
});
