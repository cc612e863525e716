import { expect, test } from '@jest/globals';
import type { Payload } from '@temporalio/common';
import { encodeToPayloads, loadDataConverter } from '@temporalio/common/lib/internal-non-workflow';
import { newId } from '../../lib/ids';
import type { Attempt } from '../../schemas/delivery';
import type { Stop } from '../../schemas/entry';
import { loggedAttempt, mapSource } from '../../tests/servers/stored';
import type { HistoryEvent } from './history-facts';
import { rebuildRun } from './rebuild-run';

/** Turns every byte around: without the codec nothing can be read. */
const turn = async (payloads: Payload[]): Promise<Payload[]> =>
  payloads.map((payload) => ({ ...payload, data: Buffer.from(payload.data ?? []).map((byte) => 255 - byte) }));
const converter = loadDataConverter({ payloadCodecs: [{ encode: turn, decode: turn }] });
const encode = async (value: unknown) => ({ payloads: (await encodeToPayloads(converter, value)) ?? [] });

const accountId = newId('account');
const deliveryId = newId('delivery');
const webhookId = newId('webhook');
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const origin = {
  recordId: newId('record'),
  objectTypeId: 0,
  source: mapSource(),
  workflowId: 'map:a:b:c',
  createdAt: at(0).toISOString(),
};
const order = { deliveryId, webhookId, requestsPerMinute: 60, maxAttempts: 3, firstGapMs: 1000 };
const line = (call: number, attempt: number, given: Partial<Attempt> = {}) =>
  loggedAttempt(call, attempt, {
    startedAt: at(10).toISOString(),
    durationMs: 500,
    nextAttemptReason: 'later',
    ...given,
  });

/** A history, told by what matters in it; event n happens at second n. */
async function history(...told: ((id: number) => Promise<Partial<HistoryEvent>>)[]): Promise<HistoryEvent[]> {
  return Promise.all(
    told.map(async (tell, index) => ({
      eventId: index as never,
      eventTime: { seconds: (at(index).getTime() / 1000) as never, nanos: 0 },
      ...(await tell(index)),
    })),
  );
}
const entered = async () => ({ workflowExecutionStartedEventAttributes: { input: await encode({ accountId }) } });
const task = async () => ({ workflowTaskStartedEventAttributes: {} });
const stopped = (stop: unknown) => async () => ({
  markerRecordedEventAttributes: { details: { result: await encode({ stop, step: 1, path: [], turnWaitMs: 0 }) } },
});
const send: Stop = { kind: 'send', delivery: { ...order, origin }, title: 'Send' };
const called =
  (call: number, journal: Attempt[] = []) =>
  async () => ({
    activityTaskScheduledEventAttributes: {
      activityType: { name: 'sendWebhook' },
      input: await encode({ accountId, deliveryId, webhookId, call, isComeback: false, journal }),
    },
  });
const begun = (scheduledEventId: number, attempt: number) => async () => ({
  activityTaskStartedEventAttributes: { scheduledEventId: scheduledEventId as never, attempt },
});
const answered = (scheduledEventId: number, result: unknown) => async () => ({
  activityTaskCompletedEventAttributes: { scheduledEventId: scheduledEventId as never, result: await encode(result) },
});
const rebuild = async (events: HistoryEvent[], pending: object[] = []) => {
  const { rows, unknown } = await rebuildRun(converter, { events, pending });
  expect([rows.length, unknown]).toEqual([1, 0]);
  return rows[0];
};

test('a delivery that was delivered is read through the codec of the client', async () => {
  const events = await history(
    entered,
    stopped(send),
    called(0),
    begun(2, 2),
    answered(2, {
      kind: 'delivered',
      status: 201,
      isLogged: true,
      journal: [line(0, 1), line(0, 2, { class: 'success', status: 201 })],
    }),
    stopped({ kind: 'end', reason: 'completed' }),
  );
  expect(JSON.stringify(events)).not.toContain(deliveryId);
  expect(await rebuild(events)).toMatchObject({
    _id: deliveryId,
    accountId,
    status: 'delivered',
    class: 'success',
    responseStatus: 201,
    finishedAt: new Date(at(10).getTime() + 500),
    newest: { call: 0, attempt: 2 },
    attempts: [{ number: 1 }, { number: 2 }],
    host: 'example.com',
  });
});

test.each([
  ['slot', 'waiting-slot', at(34)],
  ['held', 'held', null],
] as const)('one that was told to come back for its %s is %s', async (because, status, nextAttemptAt) => {
  const told = { kind: 'not-yet', waitMs: 30_000, isOwnFault: false, because, journal: [] };
  const row = await rebuild(await history(entered, stopped(send), called(0), begun(2, 1), answered(2, told)));
  expect(row).toMatchObject({ status, nextAttemptAt, waitingFor: expect.any(String), attempts: [] });
});

test('one that looked after its turn, and found its webhook paused, is held', async () => {
  const looked = (outlook: object) => async () => ({
    markerRecordedEventAttributes: { details: { result: await encode(outlook) } },
  });
  const shut = looked({ kind: 'wait', waitMs: 60_000, because: 'held' });
  const row = await rebuild(await history(entered, stopped(send), looked({ kind: 'go' }), shut));
  expect(row).toMatchObject({ status: 'held', nextAttemptAt: null, waitingFor: expect.stringMatching(/paused/) });
});

test('attempts of a call that ended by a time limit are taken from its last heartbeat', async () => {
  const timedOut = async () => ({
    activityTaskTimedOutEventAttributes: {
      scheduledEventId: 2 as never,
      failure: { timeoutFailureInfo: { timeoutType: 1, lastHeartbeatDetails: await encode([line(0, 1)]) } },
    },
  });
  const row = await rebuild(await history(entered, stopped(send), called(0), begun(2, 2), timedOut));
  expect(row).toMatchObject({
    status: 'waiting-retry',
    attempts: [{ temporalAttempt: 1 }],
    newest: { call: 0, attempt: 2 },
  });
});

test('one that waits for its next attempt knows its attempts from what is pending', async () => {
  const pending = {
    activityType: { name: 'sendWebhook' },
    state: 1,
    attempt: 3,
    heartbeatDetails: await encode([line(0, 1), line(0, 2)]),
    // Temporal cuts failures that are long.
    lastFailure: { message: 'cut', serverFailureInfo: {} },
  };
  const row = await rebuild(await history(entered, stopped(send), called(0)), [pending]);
  expect(row).toMatchObject({
    status: 'waiting-retry',
    class: 'transient',
    responseStatus: 500,
    nextAttemptAt: new Date(at(10).getTime() + 500 + 5000),
    waitingFor: 'later',
    newest: { call: 0, attempt: 2 },
  });
});

test('one whose request is under way is sending', async () => {
  const pending = { activityType: { name: 'sendWebhook' }, state: 2, attempt: 1 };
  const row = await rebuild(await history(entered, stopped(send), called(4)), [pending]);
  expect(row).toMatchObject({ status: 'sending', newest: { call: 4, attempt: 1 }, nextAttemptAt: null });
});

test('one that its entry left while it was open is cancelled then, and one that was asked for again goes on', async () => {
  const told = await history(entered, stopped(send), called(0), task, stopped(send));
  expect(await rebuild(told)).toMatchObject({ status: 'queued', finishedAt: null });
  const left = await history(entered, stopped(send), task, stopped({ kind: 'end', reason: 'exited' }));
  expect(await rebuild(left)).toMatchObject({ status: 'cancelled', finishedAt: at(2) });
});

test('one whose run was terminated is cancelled then', async () => {
  const terminated = async () => ({ workflowExecutionTerminatedEventAttributes: {} });
  expect(await rebuild(await history(entered, stopped(send), terminated))).toMatchObject({
    status: 'cancelled',
    finishedAt: at(2),
  });
});

test('a replay tells of its round, and numbers its attempts from 1', async () => {
  const workflowId = `dlv:${deliveryId}:2`;
  const started = async () => ({
    workflowExecutionStartedEventAttributes: {
      input: await encode({
        ...order,
        accountId,
        origin: { ...origin, workflowId },
        firstCall: 7,
        title: 'x',
        turnWaitMs: 0,
      }),
    },
  });
  expect(await rebuild(await history(started))).toMatchObject({
    status: 'queued',
    round: { number: 2, firstCall: 7 },
    workflowId,
    waitingFor: 'Its turn.',
  });
});

test('a delivery of before histories had its origin is counted, and not made up', async () => {
  const events = await history(entered, stopped({ ...send, delivery: order }), called(0));
  expect(await rebuildRun(converter, { events, pending: [] })).toEqual({ rows: [], unknown: 1 });
});
