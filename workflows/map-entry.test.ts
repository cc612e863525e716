import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Payload } from '@temporalio/common';
import { buildPayloadCodec } from '../lib/secrets/payload-codec';
import type { MapDrawing } from '../schemas/automation-map';
import type { StoredEntry } from '../schemas/entry';
import type { RecordId, WebhookId } from '../schemas/ids';
import { transaction } from '../store/database';
import { DELIVERIES } from '../store/deliveries';
import { ENTRIES } from '../store/entries';
import { deleteRecord } from '../store/records';
import { custom, triggerToWait } from '../tests/servers/draw';
import { makeMap, makeRecord, makeWebhook } from '../tests/servers/make';
import { openReceiver, type Receiver } from '../tests/servers/open-receiver';
import { openSystem, type TestSystem } from '../tests/servers/open-system';
import { postCustom } from '../tests/servers/post';
import { until } from '../tests/servers/until';
import { exitEntry, getLiveState } from '../workers/live-state';

let system: TestSystem;
let receiver: Receiver;
let names = 0;
beforeAll(async () => {
  receiver = await openReceiver(({ path }) => ({ status: path === '/fails' ? 500 : 200 }));
  system = await openSystem();
});
afterAll(async () => {
  await system.close();
  await receiver.close();
});

const triggerToWebhook = (webhookId: WebhookId, name: string): MapDrawing => ({
  settings: { reentry: 'once' },
  elements: [
    { id: 'start', kind: 'trigger', title: 'Start', settings: { events: [custom(name)] } },
    { id: 'send', kind: 'webhook', title: 'Send to CRM', settings: { webhookId, onFailure: 'continue' } },
    { id: 'end', kind: 'end', title: '', settings: {} },
  ],
  edges: [
    { from: 'start', port: 'next', to: 'send' },
    { from: 'send', port: 'next', to: 'end' },
  ],
});

/** Lets a record enter a new map. @returns its entry, and how to look at it again */
async function enter(draw: (name: string) => MapDrawing) {
  const name = `entry.n${names++}`;
  const { mapId } = await makeMap(system, draw(name), 'Welcome');
  const { _id: recordId } = await makeRecord(system, { firstname: 'Ada' });
  await postCustom(system, recordId, name);
  const read = () => system.db.model(ENTRIES).findOne({ mapId, recordId }).lean<StoredEntry>();
  const { workflowId, _id } = await until('the entry', read);
  const handle = system.engine.client.workflow.getHandle(workflowId);
  await until('its workflow', () => handle.describe());
  const waitingFor = async () => (await getLiveState(system.engine, workflowId))?.waitingFor;
  return { mapId, recordId, workflowId, entryId: _id, read, handle, waitingFor };
}
type Entered = Awaited<ReturnType<typeof enter>>;
const untilWaiting = ({ waitingFor }: Entered, start: string) =>
  until(`${start} ...`, async () => (await waitingFor())?.startsWith(start));
const exitOf = ({ entryId }: Entered) => ({ accountId: system.account.account._id, entryId });
const deliveryOf = ({ entryId }: Entered) =>
  system.db
    .model(DELIVERIES)
    .findOne({ 'source.entryId': entryId } as object)
    .lean();
const remove = (recordId: RecordId) =>
  transaction(system.db, (session) =>
    deleteRecord(system.db, session, { accountId: system.account.account._id, recordId }),
  );
const webhookOf = (path: string, settings = {}) => makeWebhook(system, { url: receiver.url + path, ...settings });

test('a wait waits its time and goes on by itself', async () => {
  const entered = await enter((name) => triggerToWait(custom(name), 'once', 2));
  const { startedAt } = (await entered.read()) as StoredEntry;
  expect(await entered.handle.result()).toEqual({ reason: 'completed' });
  const ended = await entered.read();
  expect(ended).toMatchObject({ status: 'ended', endReason: 'completed' });
  expect((ended?.endedAt?.getTime() ?? 0) - startedAt.getTime()).toBeGreaterThanOrEqual(2000);
});

test('an exit ends an entry that waits, and answers when it has ended', async () => {
  const entered = await enter((name) => triggerToWait(custom(name)));
  await untilWaiting(entered, 'Wait: A while');
  const beganMs = Date.now();
  await exitEntry(system, exitOf(entered));
  expect(await entered.read()).toMatchObject({ status: 'ended', endReason: 'exited' });
  expect(Date.now() - beganMs).toBeLessThan(5000);
  await expect(exitEntry(system, exitOf(entered))).rejects.toMatchObject({ code: 'entry.ended' });
});

test('an exit ends an entry between two attempts of a webhook and cancels its delivery', async () => {
  const webhookId = await webhookOf('/fails');
  const entered = await enter((name) => triggerToWebhook(webhookId, name));
  await until('a failed attempt', async () => (await deliveryOf(entered))?.status === 'waiting-retry');
  await exitEntry(system, exitOf(entered));
  expect(await entered.read()).toMatchObject({ status: 'ended', endReason: 'exited' });
  expect(await deliveryOf(entered)).toMatchObject({ status: 'cancelled', nextAttemptAt: null });
  expect(await entered.handle.result()).toEqual({ reason: 'exited' });
});

test("Temporal's Cancel ends an entry like an exit, whether it waits or retries", async () => {
  const webhookId = await webhookOf('/fails');
  const waiting = await enter((name) => triggerToWait(custom(name)));
  const sending = await enter((name) => triggerToWebhook(webhookId, name));
  await untilWaiting(waiting, 'Wait: A while');
  await until('a failed attempt', async () => (await deliveryOf(sending))?.status === 'waiting-retry');
  for (const { handle, read } of [waiting, sending]) {
    await handle.cancel();
    expect(await handle.result()).toEqual({ reason: 'exited' });
    expect(await read()).toMatchObject({ status: 'ended', endReason: 'exited' });
  }
  expect(await deliveryOf(sending)).toMatchObject({ status: 'cancelled', nextAttemptAt: null });
});

test('deleting a record ends its entry within 5 s, whether it waits or retries', async () => {
  const webhookId = await webhookOf('/fails');
  const entered = [
    await enter((name) => triggerToWait(custom(name))),
    await enter((name) => triggerToWebhook(webhookId, name)),
  ] as const;
  await untilWaiting(entered[0], 'Wait');
  await until('a failed attempt', async () => (await deliveryOf(entered[1]))?.status === 'waiting-retry');
  for (const { recordId, read } of entered) {
    await remove(recordId);
    await until('the end', async () => (await read())?.endReason === 'record-deleted', 5000);
  }
  expect((await deliveryOf(entered[1]))?.status).toBe('cancelled');
});

test('a run with one webhook is named for people, found by its webhook, and small', async () => {
  const webhookId = await webhookOf('/works');
  const entered = await enter((name) => triggerToWebhook(webhookId, name));
  await entered.handle.result();
  const { client } = system.engine;

  const description = await entered.handle.describe();
  expect(await description.staticSummary()).toBe(`Welcome: ${entered.recordId}`);
  expect(description.raw.workflowExecutionInfo?.searchAttributes?.indexedFields).toMatchObject({
    AccountId: {},
    MapId: {},
    RecordId: {},
    WebhookId: {},
  });
  const found = await until('visibility', async () => {
    const ids: string[] = [];
    for await (const run of client.workflow.list({ query: `WebhookId = '${webhookId}'` })) ids.push(run.workflowId);
    return ids.length > 0 && ids;
  });
  expect(found).toEqual([entered.workflowId]);

  const events = (await entered.handle.fetchHistory()).events ?? [];
  expect(events.length).toBeLessThanOrEqual(20);
  const input = events[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const bytes = input.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(1024);
  const sealed = events.flatMap(({ userMetadata }) => (userMetadata?.summary ? [userMetadata.summary] : []));
  const summaries = await buildPayloadCodec(system.keys).decode(sealed as Payload[]);
  const texts = summaries.map(({ data }) => JSON.parse(Buffer.from(data ?? []).toString()) as unknown);
  expect(texts).toContain('Webhook: Send to CRM');
});
