import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Condition } from '../../schemas/condition';
import type { RecordId } from '../../schemas/ids';
import { EMAIL_DEEDS } from '../../store/email-deeds';
import { ENTRIES } from '../../store/entries';
import { EVENTS } from '../../store/events';
import { custom, triggerToWait } from '../servers/draw';
import { makeMap, makeTags } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openRuleCaller } from '../servers/open-rule-caller';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { endEntries } from '../servers/post';
import { until } from '../servers/until';

const PATIENCE_MS = 60_000;
const DAY_MS = 24 * 3600 * 1000;

let api: TestApi;
let ada: ReturnType<typeof openRuleCaller>;
let receiver: Receiver;
let asked = 0;
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

/** Asks a new rule about a record. @returns what it says, without the name of the action */
async function ask(recordId: RecordId, condition: Condition): Promise<string> {
  const name = `asked.n${asked++}`;
  const action = { kind: 'change-field', fieldId: 'title', value: name };
  const ruleId = await ada.makeRule({ events: [custom(name)], condition, actions: [action] });
  await ada.say(recordId, name);
  return ada.whyNot(ruleId, recordId);
}
const YES = 'true: set Title';

test('conditions ask how a record stands on a map: paused or active, since when, and for how long', async () => {
  const { mapId } = await makeMap(api.system, triggerToWait({ type: 'manual' }), 'Course');
  const recordId = await ada.makeContact();
  const not = 'false: condition 1 was false: the record is not on the map Course';
  const joined = (op: 'on' | 'before' | 'after', date: string) =>
    ask(recordId, { kind: 'joined-map', mapId, op, date });
  expect(await ask(recordId, { kind: 'map', op: 'active', mapId })).toBe(not);
  expect(await joined('after', '2000-01-01')).toBe(not);

  const { id: entryId } = (await api.ada.call('POST', '/v1/entries', { mapId, recordId })).body;
  expect(await ask(recordId, { kind: 'map', op: 'active', mapId })).toBe(YES);
  await api.ada.call('POST', `/v1/entries/${entryId}/pause`);
  expect(await ask(recordId, { kind: 'map', op: 'paused', mapId })).toBe(YES);
  expect(await ask(recordId, { kind: 'map', op: 'active', mapId })).toBe(
    'false: condition 1 was false: the record is paused on the map Course',
  );
  expect(await ask(recordId, { kind: 'map', op: 'on', mapId })).toBe(YES);

  await api.ada.call('PATCH', '/v1/account', { settings: { timezone: 'Pacific/Auckland' } });
  // 20 November in Auckland, 19 November in UTC
  const startedAt = new Date('2025-11-19T20:00:00Z');
  await api.system.db.model(ENTRIES).updateOne({ _id: entryId }, { $set: { startedAt } });
  expect(await joined('on', '2025-11-20')).toBe(YES);
  expect(await joined('before', '2025-11-20')).toBe(
    'false: condition 1 was false: the record joined the map Course on 2025-11-20',
  );
  expect(await joined('after', '2025-11-19')).toBe(YES);
  expect(await ask(recordId, { kind: 'on-map-for', mapId, amount: 1, unit: 'months' })).toBe(YES);
  await api.system.db
    .model(ENTRIES)
    .updateOne({ _id: entryId }, { $set: { startedAt: new Date(Date.now() - 6 * DAY_MS) } });
  expect(await ask(recordId, { kind: 'on-map-for', mapId, amount: 1, unit: 'weeks' })).toMatch(/^false: /);
  expect(await ask(recordId, { kind: 'on-map-for', mapId, amount: 5, unit: 'days' })).toBe(YES);
  await api.ada.call('PATCH', '/v1/account', { settings: { timezone: 'UTC' } });
});

test('opens and clicks are counted, one message or all, also when their events are gone', async () => {
  const [recordId, other] = [await ada.makeContact(), await ada.makeContact()];
  const tell = (of: RecordId, type: string, messageId: string) =>
    api.ada.call('POST', '/v1/events', { recordId: of, type, messageId });
  await Promise.all(Array.from({ length: 5 }, () => tell(recordId, 'email.opened', 'welcome')));
  await tell(recordId, 'email.opened', 'offer');
  await tell(recordId, 'email.clicked', 'offer');
  await tell(other, 'email.opened', 'welcome');
  await ada.untilHandled(recordId);
  await api.system.db.model(EVENTS).deleteMany({ recordId, status: 'settled' });

  const count = (given: object, of = recordId) =>
    ask(of, { kind: 'email', did: 'opened', op: 'equals', ...given } as Condition);
  expect(await count({ messageId: 'welcome', value: 5 })).toBe(YES);
  expect(await count({ value: 6 })).toBe(YES);
  expect(await count({ did: 'clicked', messageId: 'offer', op: 'at-least', value: 2 })).toBe(
    'false: condition 1 was false: clicks of the e-mail offer: 1',
  );
  expect(await count({ value: 1 }, other)).toBe(YES);
  await api.ada.call('DELETE', `/v1/records/${recordId}`);
  expect(await api.system.db.model(EMAIL_DEEDS).distinct('recordId')).toEqual([other]);
});

test('triggers, condition elements and subscriptions ask for dates that move with the clock', async () => {
  const value = { from: 'today', amount: -7, unit: 'days' } as const;
  const recent = { kind: 'field' as const, fieldId: 'birthday', op: 'at-least' as const, value };
  const [yes, no] = await makeTags(api.system, 'Recent', 'Old');
  const { mapId } = await makeMap(api.system, {
    settings: { reentry: 'always' },
    elements: [
      { id: 'start', kind: 'trigger', title: '', settings: { events: [custom('dated')] } },
      { id: 'ask', kind: 'condition', title: '', settings: { condition: recent } },
      { id: 'yes', kind: 'change-tags', title: '', settings: { add: [yes as `tag_${string}`], remove: [] } },
      { id: 'no', kind: 'change-tags', title: '', settings: { add: [no as `tag_${string}`], remove: [] } },
      { id: 'end', kind: 'end', title: '', settings: {} },
    ],
    edges: [
      { from: 'start', port: 'next', to: 'ask' },
      { from: 'ask', port: 'yes', to: 'yes' },
      { from: 'ask', port: 'no', to: 'no' },
      { from: 'yes', port: 'next', to: 'end' },
      { from: 'no', port: 'next', to: 'end' },
    ],
  });
  const trigger = await makeMap(api.system, {
    settings: { reentry: 'always' },
    elements: [
      { id: 'start', kind: 'trigger', title: '', settings: { events: [custom('dated')], condition: recent } },
      { id: 'end', kind: 'end', title: '', settings: {} },
    ],
    edges: [{ from: 'start', port: 'next', to: 'end' }],
  });
  const subscription = { event: custom('dated'), condition: recent, objectTypeId: 0, url: receiver.url };
  const made = await api.ada.call('POST', '/v1/subscriptions', { settings: subscription });
  expect([made.status, made.body.problems]).toEqual([201, undefined]);
  const dayFromNow = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
  const [young, old] = [
    await ada.makeContact({ birthday: dayFromNow(-6) }),
    await ada.makeContact({ birthday: dayFromNow(-9) }),
  ];
  for (const recordId of [young, old]) {
    await ada.say(recordId, 'dated');
    await ada.untilHandled(recordId);
    await until('its tag', async () => (await ada.tagsOf(recordId)).length === 1, PATIENCE_MS);
  }
  expect([await ada.tagsOf(young), await ada.tagsOf(old)]).toEqual([['Recent'], ['Old']]);
  const on = async (recordId: RecordId) =>
    (await ada.entriesOf(recordId)).map((entry: { mapId: string }) => entry.mapId).sort();
  expect([await on(young), await on(old)]).toEqual([[mapId, trigger.mapId].sort(), [mapId]]);
  const told = async (recordId: RecordId) => (await ada.get(`/v1/deliveries?recordId=${recordId}`)).items.length;
  expect([await told(young), await told(old)]).toEqual([1, 0]);
  expect(await ask(old, recent)).toMatch(
    /^false: condition 1 was false: Birthday is .*, compared with \d{4}-\d\d-\d\d$/,
  );
});

test('a date that moves is refused for a field without dates, and so is an unknown map, each named', async () => {
  const problemsOf = async (condition: object) =>
    (
      await api.ada.call('POST', '/v1/rules', {
        settings: {
          name: 'x',
          events: [custom('x')],
          condition,
          actions: [{ kind: 'change-field', fieldId: 'title', value: 'x' }],
        },
      })
    ).body.problems;
  const today = { from: 'today' };
  expect(await problemsOf({ kind: 'not', of: { kind: 'field', fieldId: 'state', op: 'less', value: today } })).toEqual([
    { path: expect.stringMatching(/condition\.of\.value$/), message: expect.stringContaining('State holds no dates') },
  ]);
  const [refused] = await problemsOf({ kind: 'field', fieldId: 'birthday', op: 'contains', value: today });
  expect(refused).toEqual({ path: expect.stringMatching(/condition/), message: expect.any(String) });
  const mapId = 'map_01jd0000000000000000000999';
  for (const of of [
    { kind: 'joined-map', op: 'on', date: '2026-01-01' },
    { kind: 'on-map-for', amount: 1, unit: 'days' },
  ])
    expect(await problemsOf({ ...of, mapId })).toEqual([
      { path: expect.stringMatching(/condition\.mapId$/), message: expect.stringContaining('does not exist') },
    ]);
});
