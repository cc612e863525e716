import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { StoredDelivery } from '../../schemas/delivery';
import type { Element } from '../../schemas/element';
import type { MapId, RecordId } from '../../schemas/ids';
import type { WebhookSettings } from '../../schemas/webhook';
import { transaction } from '../../store/database';
import { DELIVERIES } from '../../store/deliveries';
import { publishVersion } from '../../store/publish-version';
import { rebuildLog } from '../../workers/rebuild/rebuild-log';
import { makeWebhook } from '../servers/make';
import { drawGoal, openGoalCaller } from '../servers/open-goal-caller';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { endEntries } from '../servers/post';
import { until } from '../servers/until';

const PATIENCE_MS = 60_000;

let api: TestApi;
let ada: ReturnType<typeof openGoalCaller>;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  api = await openTestApi({ isWorking: true });
  ada = openGoalCaller(api);
});
beforeEach(() => {
  receiver.arrivals.length = 0;
});
afterAll(async () => {
  await endEntries(api.system);
  await api.close();
  await receiver.close();
});

/** A map with a webhook above its goal, and a record whose delivery is in this state. */
async function deliver(
  status: string,
  settings: Partial<WebhookSettings> = {},
  reach: 'inside' | 'waiting' = 'inside',
) {
  const schedule = { preset: 'custom' as const, gapsSeconds: [3600, 3600] };
  const webhookId = await makeWebhook(api.system, { url: receiver.url, schedule, ...settings });
  const send: Element = { id: 'send', kind: 'webhook', title: 'Send', settings: { webhookId, onFailure: 'continue' } };
  const { drawing, name } = drawGoal({ above: send, goal: { reach } });
  const entry = await ada.enter(await ada.makeMap(drawing));
  const delivery = async () => (await ada.get(`/v1/deliveries?entryId=${entry.id}`)).items[0];
  await until(status, async () => (await delivery())?.status === status, PATIENCE_MS);
  return { ...entry, name, delivery };
}
/** Loses the log and makes it again from Temporal. */
async function expectRebuilt(recordId: RecordId) {
  const { db, engine } = api.system;
  const rows = () => db.model(DELIVERIES).find({ recordId }).sort({ _id: 1 }).lean<StoredDelivery[]>();
  const before = await rows();
  await db.model(DELIVERIES).deleteMany({ recordId });
  const after = await until('all runs to be listed', async () => {
    await rebuildLog(db, engine, { isDryRun: false });
    const found = await rows();
    return found.length === before.length ? found : null;
  });
  expect(after.map(({ _id, status, attempts }) => [_id, status, attempts])).toEqual(
    before.map(({ _id, status, attempts }) => [_id, status, attempts]),
  );
}
const attemptsOf = async (id: string) =>
  (await ada.get(`/v1/deliveries/${id}`)).attempts.map(({ status }: { status: number }) => status);

test('a delivery that waits for its next attempt is cancelled by a jump, and keeps its attempts', async () => {
  receiver.answer = () => ({ status: 500 });
  const entry = await deliver('waiting-retry');
  await ada.tell(entry.recordId, entry.name);
  await entry.untilLive('Wait: Onboard');
  expect(await entry.passed()).toEqual(['start next', 'send goal', 'bought next']);
  const { id, status, nextAttemptAt } = await entry.delivery();
  expect([status, nextAttemptAt, await attemptsOf(id)]).toEqual(['cancelled', null, [500]]);
  expect(await ada.reachedBy(entry.recordId)).toHaveLength(1);
  expect(receiver.arrivals).toHaveLength(1);
});

test('a request that is on its way is finished before the jump, and its answer counts', async () => {
  receiver.answer = () => ({ status: 200, body: '{"plan":"Gold"}', delayMs: 2000 });
  const responseMapping = [{ path: '$.plan', target: { kind: 'field' as const, fieldId: 'title' } }];
  const entry = await deliver('sending', { responseMapping });
  await until('the request', () => receiver.arrivals.length === 1, PATIENCE_MS);
  await ada.tell(entry.recordId, entry.name);
  await entry.untilLive('Wait: Onboard');
  expect(await entry.passed()).toEqual(['start next', 'send goal', 'bought next']);
  const { id, status } = await entry.delivery();
  expect([status, await attemptsOf(id)]).toEqual(['delivered', [200]]);
  expect((await ada.get(`/v1/records/${entry.recordId}`)).fields.title).toBe('Gold');
});

test('an event that pulls nobody costs a delivery under way nothing', async () => {
  receiver.answer = () => ({ status: 500 });
  const schedule = { preset: 'custom' as const, gapsSeconds: [3600, 3600] };
  const webhookId = await makeWebhook(api.system, { url: receiver.url, schedule });
  const below: Element = { id: 'onboard', kind: 'webhook', title: '', settings: { webhookId, onFailure: 'continue' } };
  const { drawing, name } = drawGoal({ goal: { reach: 'waiting' } });
  const elements = drawing.elements.map((element) => (element.id === 'onboard' ? below : element));
  const other = await ada.enter(await ada.makeMap({ ...drawing, elements }));
  await other.untilAt('nurture');
  const delivery = async () => (await ada.get(`/v1/deliveries?entryId=${other.id}`)).items[0];
  const eventId = await ada.tell(other.recordId, name);
  await until('its attempt', async () => (await delivery())?.status === 'waiting-retry', PATIENCE_MS);
  await ada.repeat(eventId);
  await ada.tell(other.recordId, name);
  await ada.untilHandled(other.recordId);
  expect((await other.read()).live.waitingFor).toBe('Webhook: Send to CRM');
  expect((await api.ada.call('POST', `/v1/deliveries/${(await delivery()).id}/retry`)).status).toBe(200);
  await until('the second attempt', async () => (await attemptsOf((await delivery()).id)).length === 2, PATIENCE_MS);
  expect(await ada.reachedBy(other.recordId)).toHaveLength(1);
});

test('a goal that is met while the entry is paused is held and reached when it is resumed', async () => {
  const { drawing, name } = drawGoal();
  const entry = await ada.enter(await ada.makeMap(drawing));
  await entry.untilLive('Wait: Nurture');
  await entry.say('pause');
  await ada.tell(entry.recordId, name);
  await entry.untilLive('Paused');
  expect(await ada.reachedBy(entry.recordId)).toEqual([]);
  await entry.say('resume');
  await entry.untilLive('Wait: Onboard');
  expect(await entry.passed()).toEqual(['start next', 'nurture goal', 'bought next']);
});

test('a delivery goes on while a pause holds a goal, and is cancelled by the jump when the entry is resumed', async () => {
  receiver.answer = () => ({ status: 500 });
  const entry = await deliver('waiting-retry');
  await entry.say('pause');
  await ada.tell(entry.recordId, entry.name);
  await ada.untilHandled(entry.recordId);
  const { id } = await entry.delivery();
  await until('a retry', async () => (await ada.post(`/v1/deliveries/${id}/retry`)).status === 200, PATIENCE_MS);
  await until('it', async () => (await attemptsOf(id)).length === 2, PATIENCE_MS);
  expect((await entry.read()).positions[0].elementId).toBe('send');
  await entry.say('resume');
  await entry.untilLive('Wait: Onboard');
  expect([(await entry.delivery()).status, await attemptsOf(id)]).toEqual(['cancelled', [500, 500]]);
  await expectRebuilt(entry.recordId);
});

test('a delivery that has not begun when its entry jumps is never sent', async () => {
  await ada.switchFeatures({ globalRules: true });
  const webhookId = await makeWebhook(api.system, { url: receiver.url });
  const { drawing, name } = drawGoal({
    above: { id: 'send', kind: 'webhook', title: '', settings: { webhookId, onFailure: 'continue' } },
  });
  const mapId = await ada.makeMap(drawing);
  const actions = [
    { kind: 'add-to-map', mapId },
    { kind: 'pause-on-map', mapId },
  ];
  await ada.makeRule({ events: [{ type: 'custom', name: 'enrolled' }], actions });
  const recordId = await ada.makeContact();
  await ada.tell(recordId, 'enrolled');
  const entry = await until('its pause', async () => {
    const [found] = await ada.entriesOf(recordId);
    return found && (await ada.get(`/v1/entries/${found.id}`)).live?.waitingFor === 'Paused' && found;
  });
  await ada.tell(recordId, name);
  await ada.untilHandled(recordId);
  expect((await ada.post(`/v1/entries/${entry.id}/resume`)).status).toBe(200);
  await until('the jump', async () => (await ada.reachedBy(recordId)).length === 1, PATIENCE_MS);
  const { items } = await ada.get(`/v1/deliveries?entryId=${entry.id}`);
  expect(items).toMatchObject([{ status: 'cancelled', attemptCount: 0 }]);
  expect(receiver.arrivals).toEqual([]);
  await expectRebuilt(recordId);
});

test('a goal of a version that is published later pulls who came by an earlier one', async () => {
  const { drawing, name } = drawGoal();
  const isGoal = (id: string) => id === 'bought' || id === 'onboard';
  const before = {
    ...drawing,
    elements: drawing.elements.filter(({ id }) => !isGoal(id)),
    edges: [
      { from: 'start', port: 'next', to: 'nurture' },
      { from: 'nurture', port: 'next', to: 'end' },
    ],
  };
  const mapId: MapId = await ada.makeMap(before);
  const entry = await ada.enter(mapId);
  await entry.untilAt('nurture');
  const accountId = api.ada.account._id;
  await transaction(api.system.db, (session) =>
    publishVersion(api.system.db, session, { accountId, mapId, number: 2, hash: 'two', note: '', drawing }),
  );
  await ada.tell(entry.recordId, name);
  await entry.untilLive('Wait: Onboard');
  expect((await entry.read()).positions[0].versionNumber).toBe(2);
});
