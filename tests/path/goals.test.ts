import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { custom } from '../servers/draw';
import { makeTags } from '../servers/make';
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
  await ada.switchFeatures({ globalRules: true });
});
afterAll(async () => {
  await endEntries(api.system);
  await api.close();
  await receiver.close();
});

const JUMPED = ['start next', 'nurture goal', 'bought next'];

test('an event that meets a goal pulls its record, and no other, out of a long wait; it goes on below the goal', async () => {
  const { drawing, name } = drawGoal();
  const mapId = await ada.makeMap(drawing);
  const [one, other] = [await ada.enter(mapId), await ada.enter(mapId)];
  for (const entry of [one, other]) await entry.untilLive('Wait: Nurture');
  await ada.tell(one.recordId, name);
  await one.untilLive('Wait: Onboard');
  expect(await one.passed()).toEqual(JUMPED);
  expect(await ada.reachedBy(one.recordId)).toMatchObject([
    {
      fact: { type: 'goal.reached', mapId, elementId: 'bought', entryId: one.id },
      hops: 1,
      cause: { kind: 'map', id: mapId, name: 'Course' },
    },
  ]);
  expect(await other.passed()).toEqual(['start next']);
  expect(await ada.reachedBy(other.recordId)).toEqual([]);
});

test('an event that comes around the end of a wait is not missed, whichever of the two is first', async () => {
  const above = { id: 'nurture', kind: 'wait', title: '', settings: { kind: 'duration', seconds: 4 } } as const;
  const { drawing, name } = drawGoal({ above, isAside: true });
  const mapId = await ada.makeMap(drawing);
  const entries = await Promise.all(Array.from({ length: 14 }, () => ada.enter(mapId)));
  await Promise.all(
    entries.map(async (entry, n) => {
      const { stop } = (await entry.untilAt('nurture')).positions[0];
      const at = Date.parse(stop.until) + (n - 3) * 200;
      await until('its time', () => Date.now() >= at, PATIENCE_MS);
      await ada.tell(entry.recordId, name);
    }),
  );
  const ways = new Set<string>();
  for (const entry of entries) {
    await entry.untilAt('onboard');
    ways.add((await entry.passed()).join(', '));
    expect(await ada.reachedBy(entry.recordId)).toHaveLength(1);
  }
  expect([...ways].sort()).toEqual([JUMPED.join(', '), 'start next, nurture next, late goal, bought next']);
});

test('a command that the pump repeats pulls once, and the next event once more', async () => {
  const { drawing, name } = drawGoal();
  const entry = await ada.enter(await ada.makeMap(drawing));
  await entry.untilAt('nurture');
  const eventId = await ada.tell(entry.recordId, name);
  await entry.untilAt('onboard');
  await ada.repeat(eventId);
  await ada.tell(entry.recordId, name);
  const again = [...JUMPED, 'onboard goal', 'bought next'];
  await until('the second jump', async () => (await entry.passed()).length >= again.length, PATIENCE_MS);
  expect(await entry.passed()).toEqual(again);
  expect(await ada.reachedBy(entry.recordId)).toHaveLength(2);
});

test('a goal with the reach "any" lets a record enter at it, once for each event, as the map lets it enter', async () => {
  for (const [reentry, count] of [
    ['once', 1],
    ['after-leaving', 2],
    ['always', 2],
  ] as const) {
    const { drawing, name } = drawGoal({ goal: { reach: 'any' }, reentry });
    const mapId = await ada.makeMap(drawing);
    const recordId = await ada.makeContact();
    const entries = async () => (await ada.get(`/v1/entries?mapId=${mapId}`)).items;
    const eventId = await ada.tell(recordId, name);
    const entry = await until('its entry', async () => (await entries())[0], PATIENCE_MS);
    await until('its wait', async () => (await ada.reachedBy(recordId)).length === 1, PATIENCE_MS);
    expect(entry).toMatchObject({ recordId, triggerElementId: 'bought' });
    await ada.repeat(eventId);
    expect((await ada.get(`/v1/entries/${entry.id}`)).timeline).toMatchObject([{ elementId: 'bought', port: 'next' }]);

    expect((await ada.post(`/v1/entries/${entry.id}/exit`)).status).toBe(200);
    await ada.repeat(eventId);
    expect(await entries()).toHaveLength(1);
    await ada.tell(recordId, name);
    await ada.untilHandled(recordId);
    expect([reentry, (await entries()).length]).toEqual([reentry, count]);
  }
});

test('whom an event has pulled through to the end does not enter again by the same event', async () => {
  const { drawing, name } = drawGoal({ goal: { reach: 'any' }, reentry: 'after-leaving' });
  const toEnd = drawing.edges.map((edge) => (edge.from === 'bought' ? { ...edge, to: 'end' } : edge));
  const mapId = await ada.makeMap({ ...drawing, edges: toEnd });
  const entry = await ada.enter(mapId);
  await entry.untilAt('nurture');
  const eventId = await ada.tell(entry.recordId, name);
  await until('its end', async () => (await entry.read()).endReason === 'completed', PATIENCE_MS);
  await ada.repeat(eventId);
  expect((await ada.get(`/v1/entries?mapId=${mapId}`)).items).toHaveLength(1);
});

test('who enters by an event has not met a goal by it, although it is repeated', async () => {
  const events = [custom('goal.both')];
  const { drawing } = drawGoal({ goal: { reach: 'any', events }, reentry: 'once' });
  const start = { id: 'start', kind: 'trigger', title: '', settings: { events } } as const;
  const mapId = await ada.makeMap({ ...drawing, elements: [start, ...drawing.elements.slice(1)] });
  const recordId = await ada.makeContact();
  await ada.repeat(await ada.tell(recordId, 'goal.both'));
  const { items } = await ada.get(`/v1/entries?mapId=${mapId}`);
  expect(items.length).toBe(1);
  expect((await ada.get(`/v1/entries/${items[0].id}`)).timeline).toHaveLength(1);
});

test('a goal with the reach "waiting" pulls who waits above it, and nobody from below', async () => {
  const { drawing, name } = drawGoal({ goal: { reach: 'waiting' } });
  const entry = await ada.enter(await ada.makeMap(drawing));
  await entry.untilAt('nurture');
  await ada.tell(entry.recordId, name);
  await entry.untilAt('onboard');
  await ada.tell(entry.recordId, name);
  await ada.untilHandled(entry.recordId);
  expect((await entry.read()).live.waitingFor).toMatch(/^Wait: Onboard/);
  expect(await entry.passed()).toEqual(JUMPED);
});

test('a record that comes to a goal on foot waits there for it, or passes without having reached it, as set', async () => {
  const above = { id: 'nurture', kind: 'wait', title: '', settings: { kind: 'duration', seconds: 1 } } as const;
  const waiting = drawGoal({ above, goal: { onFoot: 'wait', reach: 'waiting' } });
  const entry = await ada.enter(await ada.makeMap(waiting.drawing));
  await entry.untilLive('Goal: Bought');
  expect((await entry.read()).positions).toMatchObject([
    { elementId: 'bought', status: 'waiting', stop: { kind: 'goal', title: 'Bought', until: null } },
  ]);
  expect(await ada.reachedBy(entry.recordId)).toEqual([]);
  await ada.tell(entry.recordId, waiting.name);
  await entry.untilAt('onboard');
  expect(await entry.passed()).toEqual(['start next', 'nurture next', 'bought next']);
  expect(await ada.reachedBy(entry.recordId)).toHaveLength(1);

  const passing = await ada.enter(await ada.makeMap(drawGoal({ above }).drawing));
  await passing.untilAt('onboard');
  expect(await passing.passed()).toEqual(['start next', 'nurture next', 'bought next']);
  expect(await ada.reachedBy(passing.recordId)).toEqual([]);
  expect(await passing.say('exit')).toBe(200);
});

test('that a goal is reached sets off a rule and a subscription', async () => {
  const { drawing, name } = drawGoal();
  const mapId = await ada.makeMap(drawing);
  const [tagId] = await makeTags(api.system, 'Buyer');
  const event = { type: 'goal.reached', mapId };
  await ada.makeRule({ events: [event], actions: [{ kind: 'change-tags', add: [tagId] }] });
  const told = await ada.post('/v1/subscriptions', { settings: { event, url: receiver.url } });
  expect(told.status).toBe(201);
  const entry = await ada.enter(mapId);
  await entry.untilAt('nurture');
  await ada.tell(entry.recordId, name);
  await until('the rule', async () => (await ada.tagsOf(entry.recordId)).includes('Buyer'), PATIENCE_MS);
  const arrival = await until('the subscription', () => receiver.arrivals[0], PATIENCE_MS);
  expect(JSON.parse(arrival.body).event).toEqual({ type: 'goal_reached', map_id: expect.stringMatching(/^\d+$/) });
});

test('a goal that is met by having been reached is parked as a loop after 10', async () => {
  const name = 'goal.round';
  const { drawing } = drawGoal({ goal: { events: [custom(name), { type: 'goal.reached' }] } });
  const entry = await ada.enter(await ada.makeMap(drawing, 'Round'));
  await entry.untilAt('nurture');
  await ada.tell(entry.recordId, name);
  const parked = await until(
    'the loop to be noticed',
    async () => (await ada.get(`/v1/events?status=parked&recordId=${entry.recordId}`)).items[0],
    PATIENCE_MS,
  );
  expect(parked).toMatchObject({ hops: 11, tries: 1, fact: { type: 'goal.reached' } });
  expect(parked.error).toMatch(/loop; the map "Round" made this event, and it would set off the map "Round"$/);
  expect(await ada.reachedBy(entry.recordId)).toHaveLength(11);
});
