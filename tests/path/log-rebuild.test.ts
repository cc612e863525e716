import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StoredDelivery } from '../../schemas/delivery';
import type { MapSource } from '../../schemas/delivery-source';
import type { DeliveryId, WebhookId } from '../../schemas/ids';
import type { WebhookSettings } from '../../schemas/webhook';
import { transaction } from '../../store/database';
import { DELIVERIES, findDelivery } from '../../store/deliveries';
import { createIndexes } from '../../store/indexes';
import { replayDelivery } from '../../store/replay-delivery';
import { exitEntry, getLiveState, steerDelivery } from '../../workers/live-state';
import { rebuildLog } from '../../workers/rebuild/rebuild-log';
import { makeMap, makeRecord, makeTags, makeWebhook, tagToWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openSystem, type TestSystem } from '../servers/open-system';
import { endEntries } from '../servers/post';
import { until } from '../servers/until';

let system: TestSystem;
let receiver: Receiver;
let names = 0;
beforeAll(async () => {
  receiver = await openReceiver(({ path, headers }) => {
    if (path === '/flaky')
      return { status: Number(headers['webhook-attempt']) < 3 ? 503 : 201, body: `try ${headers['webhook-attempt']}` };
    if (path === '/rejects') return { status: 422, body: 'no', headers: { 'x-why': 'because' } };
    if (path === '/down') return { status: 500, body: 'down' };
    if (path === '/slow') return { status: 200, body: 'slow', delayMs: 12_000 };
    return { status: 200, body: 'ok' };
  });
  system = await openSystem();
});
afterAll(async () => {
  await endEntries(system);
  await system.close();
  await receiver.close();
});

const second = { preset: 'custom' as const, gapsSeconds: [1, 1] };
const hour = { preset: 'custom' as const, gapsSeconds: [3600] };
const webhook = (path: string, settings: Partial<WebhookSettings> = {}): Promise<WebhookId> =>
  makeWebhook(system, { url: `${receiver.url}${path}`, ...settings });

/** Lets a record walk to a webhook. @returns its delivery, as soon as it is asked for */
async function deliver(webhookId: WebhookId): Promise<StoredDelivery> {
  const [tagId] = await makeTags(system, `Tag ${names++}`);
  const { mapId } = await makeMap(system, tagToWebhook(tagId as never, webhookId));
  const { _id: recordId } = await makeRecord(system, { firstname: 'Ada' }, [tagId as never]);
  return until(`the delivery of ${recordId}`, () =>
    system.db
      .model(DELIVERIES)
      .findOne({ recordId, 'source.mapId': mapId } as object)
      .lean<StoredDelivery>(),
  );
}
const read = (id: DeliveryId) => findDelivery(system.db, id);
const untilStatus = ({ _id }: StoredDelivery, status: string) =>
  until(`${_id} to be ${status}`, async () => {
    const row = await read(_id);
    if (row?.status !== status) throw new Error(`it is ${row?.status}`);
    return row;
  });
const rebuild = (options: { isDryRun?: boolean; since?: Date } = {}) =>
  rebuildLog(system.db, system.engine, { isDryRun: false, ...options });
const drop = async () => {
  await system.db.connection.collection('deliveries').drop();
  await createIndexes(system.db);
};

test('when the log is lost, it is made again from Temporal: deliveries in all ends, and those under way', async () => {
  const oneAMinute = await webhook('/', { requestsPerMinute: 1 });
  const made = {
    delivered: await deliver(await webhook('/')),
    retried: await deliver(await webhook('/flaky', { schedule: second })),
    rejected: await deliver(await webhook('/rejects')),
    exhausted: await deliver(await webhook('/down', { schedule: second })),
    waiting: await deliver(await webhook('/down', { schedule: hour })),
    exited: await deliver(await webhook('/down', { schedule: hour })),
    first: await deliver(oneAMinute),
  };
  await untilStatus(made.first, 'delivered');
  const queued = await deliver(oneAMinute);
  const cancelled = await deliver(oneAMinute);

  await untilStatus(made.delivered, 'delivered');
  const replayed = await untilStatus(made.retried, 'delivered');
  await transaction(system.db, (session) =>
    replayDelivery(system.db, session, { accountId: replayed.accountId, deliveryId: replayed._id }),
  );
  system.pump.nudge();
  await until('the replay', async () => (await read(replayed._id))?.attempts.some((line) => line.replay === 1));
  await untilStatus(replayed, 'delivered');
  await untilStatus(made.rejected, 'failed');
  await untilStatus(made.exhausted, 'failed');
  await untilStatus(made.waiting, 'waiting-retry');
  await untilStatus(made.exited, 'waiting-retry');
  await exitEntry(system, { accountId: made.exited.accountId, entryId: (made.exited.source as MapSource).entryId });
  await untilStatus(made.exited, 'cancelled');
  await until('the workflow to wait', async () => {
    await steerDelivery(system, cancelled, 'cancel');
    return true;
  });
  await untilStatus(cancelled, 'cancelled');
  const sending = await deliver(await webhook('/slow', { timeoutSeconds: 20 }));
  await until('the request at the receiver', () => receiver.arrivals.some(({ path }) => path === '/slow'));
  expect((await read(queued._id))?.status).toBe('queued');
  expect(await getLiveState(system.engine, made.waiting.workflowId)).toMatchObject({ workflowStatus: 'RUNNING' });

  const before = await system.db.model(DELIVERIES).find().sort({ _id: 1 }).lean<StoredDelivery[]>();
  expect(before.map(({ status }) => status).sort()).toEqual(
    [
      'cancelled',
      'cancelled',
      'delivered',
      'delivered',
      'delivered',
      'failed',
      'failed',
      'queued',
      'sending',
      'waiting-retry',
    ].sort(),
  );
  await until('all runs to be listed', async () => (await rebuild({ isDryRun: true })).unchanged === before.length + 1);

  await drop();
  const dry = await rebuild({ isDryRun: true });
  expect(await system.db.model(DELIVERIES).countDocuments()).toBe(0);
  // The replayed delivery is told by two runs.
  expect(dry).toMatchObject({ inserted: before.length + 1, failed: 0, unknown: 0, firstError: null });
  const counts = await rebuild();
  expect(counts.inserted).toBe(before.length);
  expect(counts.failed).toBe(0);

  const after = await system.db.model(DELIVERIES).find().sort({ _id: 1 }).lean<StoredDelivery[]>();
  const byId = new Map(after.map((row) => [row._id, row]));
  expect([...byId.keys()]).toEqual(before.map(({ _id }) => _id));
  for (const row of before) {
    const { turnAt, ...again } = byId.get(row._id) as StoredDelivery;
    // Whoever waits is told of its turn anew.
    expect(Boolean(turnAt)).toBe(row.status === 'queued');
    delete row.turnAt;
    delete row.sleeps;
    if (row._id === cancelled._id) {
      // Without an attempt its end is when the log learned of it.
      expect(Math.abs((again.finishedAt?.getTime() ?? 0) - (row.finishedAt?.getTime() ?? 0))).toBeLessThan(1000);
      expect({ ...again, finishedAt: row.finishedAt }).toEqual(row);
    } else expect(again).toEqual(row);
  }

  // Under way it goes on, into the row that was made again.
  expect((await untilStatus(sending, 'delivered')).attempts).toHaveLength(1);
}, 180_000);

test('a second run changes nothing', async () => {
  const before = await system.db.model(DELIVERIES).find().sort({ _id: 1 }).lean<StoredDelivery[]>();
  const counts = await rebuild();
  expect(counts).toMatchObject({ inserted: 0, completed: 0, refused: 0, failed: 0 });
  expect(counts.unchanged).toBeGreaterThan(0);
  expect(await system.db.model(DELIVERIES).find().sort({ _id: 1 }).lean<StoredDelivery[]>()).toEqual(before);
});

test('a row that is there keeps what it has, and gets what it lacks', async () => {
  const body = 'x'.repeat(8000);
  receiver.answer = () => ({ status: 200, body });
  const whole = await untilStatus(await deliver(await webhook('/long')), 'delivered');
  const torn = await untilStatus(await deliver(await webhook('/long')), 'delivered');
  const model = system.db.model(DELIVERIES);
  await model.updateOne(
    { _id: torn._id },
    { $set: { attempts: [], status: 'queued', newest: { call: -1, attempt: 0 }, class: null, finishedAt: null } },
  );
  await until('both to be listed', async () => (await rebuild({ since: whole.createdAt })).completed === 1);
  expect(await read(whole._id)).toEqual(whole);
  const mended = await read(torn._id);
  expect(mended).toMatchObject({ status: 'delivered', finishedAt: torn.finishedAt, newest: torn.newest });
  expect(mended?.attempts[0]?.response).toMatchObject({ body: body.slice(0, 2048), isTruncated: true });
});

test('an attempt that finds its row gone waits until the log is made again, and nothing is given up', async () => {
  const webhookId = await webhook('/flaky', { schedule: { preset: 'custom', gapsSeconds: [2, 1] } });
  receiver.answer = ({ headers }) => ({ status: Number(headers['webhook-attempt']) < 3 ? 503 : 200 });
  const row = await untilStatus(await deliver(webhookId), 'waiting-retry');
  await drop();
  const handle = system.engine.client.workflow.getHandle(row.workflowId);
  await until('an attempt without its row', async () =>
    (await handle.fetchHistory()).events?.some(({ activityTaskCompletedEventAttributes: done }) => done),
  );
  await rebuild();
  const delivered = await untilStatus(row, 'delivered');
  expect(delivered.attempts.map(({ number, status }) => [number, status])).toEqual([
    [1, 503],
    [2, 503],
    [3, 200],
  ]);
  expect(receiver.arrivals.filter(({ deliveryId }) => deliveryId === row._id)).toHaveLength(3);
}, 60_000);
