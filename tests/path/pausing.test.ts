import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MapDrawing } from '../../schemas/automation-map';
import type { WebhookId } from '../../schemas/ids';
import { DELIVERIES } from '../../store/deliveries';
import { triggerToWait } from '../servers/draw';
import { makeMap, makeWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openRuleCaller } from '../servers/open-rule-caller';
import { openTestApi, problemOf, type TestApi } from '../servers/open-test-api';
import { endEntries } from '../servers/post';
import { until } from '../servers/until';

const PATIENCE_MS = 60_000;

let api: TestApi;
let ada: ReturnType<typeof openRuleCaller>;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver(() => ({ status: 200, body: '{"plan":"Gold"}', delayMs: 1500 }));
  api = await openTestApi({ isWorking: true });
  ada = openRuleCaller(api);
});
afterAll(async () => {
  await endEntries(api.system);
  await api.close();
  await receiver.close();
});

const post = (path: string, body?: unknown) => api.ada.call('POST', path, body);
/** Lets a new contact enter a new map by hand. */
async function enter(drawing: MapDrawing) {
  const { mapId } = await makeMap(api.system, drawing, 'Welcome');
  const recordId = await ada.makeContact({ firstname: 'Ada' });
  const { id } = (await post('/v1/entries', { mapId, recordId })).body;
  const read = () => ada.get(`/v1/entries/${id}`);
  const untilLive = (waitingFor: string) =>
    until(waitingFor, async () => (await read()).live?.waitingFor?.startsWith(waitingFor), PATIENCE_MS);
  const untilEnded = (reason: string) => until('its end', async () => (await read()).endReason === reason, PATIENCE_MS);
  const say = async (command: string) => (await post(`/v1/entries/${id}/${command}`)).status;
  const factTypes = async (): Promise<string[]> =>
    (await ada.get(`/v1/events?recordId=${recordId}`)).items
      .map(({ fact }: { fact: { type: string } }) => fact.type)
      .filter((type: string) => type.startsWith('map.'))
      .reverse();
  return { id, mapId, recordId, read, untilLive, untilEnded, say, factTypes };
}
const waitFor = (seconds: number) => triggerToWait({ type: 'manual' }, 'always', seconds);
const isOver = async ({ read }: { read: () => Promise<{ positions: { stop: { until: string } }[] }> }) =>
  Date.parse((await read()).positions[0]?.stop.until ?? '') < Date.now();

test('a wait that is over is held while its entry is paused, and leaves at once when it is resumed', async () => {
  const entered = await enter(waitFor(2));
  await entered.untilLive('Wait');
  expect([await entered.say('pause'), await entered.say('pause')]).toEqual([200, 200]);
  await entered.untilLive('Paused');
  expect(await isOver(entered)).toBe(true);
  expect(await entered.read()).toMatchObject({ status: 'active', pausedAt: expect.any(String), endReason: null });
  const listed = async (filter: string) => (await ada.get(`/v1/entries?mapId=${entered.mapId}&${filter}`)).items.length;
  expect([await listed('isPaused=true'), await listed('isPaused=false')]).toEqual([1, 0]);

  const resumedMs = Date.now();
  expect([await entered.say('resume'), await entered.say('resume')]).toEqual([200, 200]);
  await entered.untilEnded('completed');
  const { endedAt, pausedAt, timeline } = await entered.read();
  expect(Date.parse(endedAt) - resumedMs).toBeLessThan(5000);
  expect(pausedAt).toBeNull();
  expect(timeline.map((step: { elementId: string }) => step.elementId)).toEqual(['start', 'wait', 'end']);
  expect(await entered.factTypes()).toEqual(['map.paused', 'map.resumed']);
  expect([await listed('isPaused=true'), await listed('isPaused=false')]).toEqual([0, 1]);

  for (const command of ['pause', 'resume']) {
    const late = await post(`/v1/entries/${entered.id}/${command}`);
    expect([late.status, problemOf(late).code]).toEqual([409, 'entry.ended']);
  }
});

test('a wait that is not over when its entry is resumed goes on waiting, and ends in its time', async () => {
  const entered = await enter(waitFor(6));
  await entered.untilLive('Wait');
  const { until: dueAt } = (await entered.read()).positions[0].stop;
  await entered.say('pause');
  await entered.say('resume');
  await entered.untilEnded('completed');
  expect(Date.parse((await entered.read()).endedAt)).toBeGreaterThanOrEqual(Date.parse(dueAt));
});

test('a delivery that is under way is finished while its entry is paused, and its answer counts when it is resumed', async () => {
  const responseMapping = [{ path: '$.plan', target: { kind: 'field' as const, fieldId: 'title' } }];
  const webhookId: WebhookId = await makeWebhook(api.system, { url: receiver.url, responseMapping });
  const entered = await enter({
    settings: { reentry: 'once' },
    elements: [
      { id: 'start', kind: 'trigger', title: '', settings: { events: [{ type: 'manual' }] } },
      { id: 'send', kind: 'webhook', title: 'Send', settings: { webhookId, onFailure: 'continue' } },
      { id: 'wait', kind: 'wait', title: 'Rest', settings: { kind: 'duration', seconds: 3600 } },
      { id: 'end', kind: 'end', title: '', settings: {} },
    ],
    edges: [
      { from: 'start', port: 'next', to: 'send' },
      { from: 'send', port: 'next', to: 'wait' },
      { from: 'wait', port: 'next', to: 'end' },
    ],
  });
  await until('the request', () => receiver.arrivals.length === 1, PATIENCE_MS);
  await entered.say('pause');
  await entered.untilLive('Paused');
  const titleOf = async () => (await ada.get(`/v1/records/${entered.recordId}`)).fields.title;
  const { items } = await ada.get(`/v1/deliveries?entryId=${entered.id}`);
  expect(items).toMatchObject([{ status: 'delivered', attemptCount: 1 }]);
  expect([(await entered.read()).positions[0].elementId, await titleOf()]).toEqual(['send', undefined]);
  // The log may have forgotten it by then.
  await api.system.db.model(DELIVERIES).deleteMany({ recordId: entered.recordId });
  await entered.say('resume');
  await entered.untilLive('Wait: Rest');
  expect(await titleOf()).toBe('Gold');
  expect(receiver.arrivals).toHaveLength(1);
});

test('an exit and the deletion of its record end a paused entry, whether it waits or is held', async () => {
  const enterPaused = async (seconds: number, waitingFor: string) => {
    const entered = await enter(waitFor(seconds));
    await entered.say('pause');
    await entered.untilLive(waitingFor);
    return entered;
  };
  for (const { id, say, untilEnded } of [await enterPaused(3600, ''), await enterPaused(1, 'Paused')]) {
    expect([id, await say('exit')]).toEqual([id, 200]);
    await untilEnded('exited');
  }
  for (const { recordId, read, untilEnded } of [await enterPaused(3600, ''), await enterPaused(1, 'Paused')]) {
    await api.ada.call('DELETE', `/v1/records/${recordId}`);
    await untilEnded('record-deleted');
    expect((await read()).pausedAt).toBeNull();
  }
});
