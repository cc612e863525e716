import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RecordId } from '../../schemas/ids';
import { custom, triggerToWait } from '../servers/draw';
import { makeMap, makeTags } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openRuleCaller } from '../servers/open-rule-caller';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { endEntries } from '../servers/post';
import { until } from '../servers/until';

const PATIENCE_MS = 60_000;

let api: TestApi;
let ada: ReturnType<typeof openRuleCaller>;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  api = await openTestApi({ isWorking: true });
  ada = openRuleCaller(api);
  await ada.switchFeatures({ globalRules: true });
});
afterAll(async () => {
  await endEntries(api.system);
  await api.close();
  await receiver.close();
});

const post = (path: string, body?: unknown) => api.ada.call('POST', path, body);

test('rules pause and resume a record on a map, and triggers, rules and subscriptions hear of it once each', async () => {
  const { mapId } = await makeMap(api.system, triggerToWait({ type: 'manual' }), 'Course');
  const { mapId: other } = await makeMap(api.system, triggerToWait({ type: 'manual' }), 'Other');
  const [pausedTag, resumedTag] = await makeTags(api.system, 'Paused', 'Resumed');
  const heard = await makeMap(api.system, triggerToWait({ type: 'map.paused', mapId }), 'Heard');
  const subscription = { event: { type: 'map.resumed', mapId }, url: `${receiver.url}/told` };
  expect((await post('/v1/subscriptions', { settings: subscription })).status).toBe(201);
  await ada.makeRule({ events: [{ type: 'map.paused' }], actions: [{ kind: 'change-tags', add: [pausedTag] }] });
  await ada.makeRule({
    events: [{ type: 'map.resumed', mapId }],
    actions: [{ kind: 'change-tags', add: [resumedTag] }],
  });
  const pausing = await ada.makeRule({ events: [custom('holiday.began')], actions: [{ kind: 'pause-on-map', mapId }] });
  const resuming = await ada.makeRule({
    events: [custom('holiday.ended')],
    actions: [{ kind: 'resume-on-map', mapId }],
  });

  const recordId: RecordId = await ada.makeContact();
  await ada.say(recordId, 'holiday.began');
  expect(await ada.whyNot(pausing, recordId)).toBe('true: nothing to pause on the map Course');
  for (const id of [mapId, other]) await post('/v1/entries', { mapId: id, recordId });
  await ada.say(recordId, 'holiday.began');
  await until('its pause', async () => (await ada.tagsOf(recordId)).includes('Paused'), PATIENCE_MS);
  expect(await ada.whyNot(pausing, recordId)).toBe('true: paused on the map Course');
  const pausedOn = async () => (await ada.get(`/v1/entries?recordId=${recordId}&isPaused=true`)).items;
  expect(await pausedOn()).toMatchObject([{ mapId }]);
  await until('the trigger', async () => (await ada.get(`/v1/entries?mapId=${heard.mapId}`)).items.length === 1);

  await ada.say(recordId, 'holiday.ended');
  expect(await until('its end', async () => (await ada.whyNot(resuming, recordId)).includes('true: resumed'))).toBe(
    true,
  );
  await until('the rest', async () => (await ada.tagsOf(recordId)).includes('Resumed'), PATIENCE_MS);
  expect(await pausedOn()).toEqual([]);
  await until('the subscription', () => receiver.arrivals.some(({ path }) => path === '/told'), PATIENCE_MS);
  await ada.untilHandled(recordId);
  const told = receiver.arrivals.filter(({ path }) => path === '/told').map(({ body }) => JSON.parse(body).event);
  expect(told).toEqual([{ type: 'map_resumed', map_id: expect.stringMatching(/^\d+$/) }]);
  const { items } = await ada.get(`/v1/events?recordId=${recordId}`);
  const facts = items.filter(({ fact }: { fact: { type: string } }) => /map\.(paused|resumed)/.test(fact.type));
  expect(
    facts.map(({ fact, hops, cause }: { fact: { type: string }; hops: number; cause: object }) => [
      fact.type,
      hops,
      cause,
    ]),
  ).toEqual([
    ['map.resumed', 1, { kind: 'rule', id: resuming, name: 'Rule' }],
    ['map.paused', 1, { kind: 'rule', id: pausing, name: 'Rule' }],
  ]);
});

test('an entry that is paused before its first step takes it when it is resumed', async () => {
  const { mapId } = await makeMap(api.system, triggerToWait({ type: 'manual' }), 'Later');
  const actions = [
    { kind: 'add-to-map', mapId },
    { kind: 'pause-on-map', mapId },
  ];
  await ada.makeRule({ events: [custom('enrolled')], actions });
  const recordId = await ada.makeContact();
  await ada.say(recordId, 'enrolled');
  const entry = await until('the entry', async () => (await ada.entriesOf(recordId))[0], PATIENCE_MS);
  const read = () => ada.get(`/v1/entries/${entry.id}`);
  await until('its pause', async () => (await read()).live?.waitingFor === 'Paused', PATIENCE_MS);
  expect((await read()).positions).toEqual([]);
  expect((await post(`/v1/entries/${entry.id}/resume`)).status).toBe(200);
  await until('its wait', async () => (await read()).positions[0]?.elementId === 'wait', PATIENCE_MS);
});
