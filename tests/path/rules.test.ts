import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../../lib/ids';
import type { Fact, StoredEvent } from '../../schemas/event';
import type { FormId, RecordId, TagId } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { EVENTS } from '../../store/events';
import { MAPS } from '../../store/maps';
import { appendRecordFacts } from '../../store/records';
import { runRule } from '../../workers/dispatch/run-rule';
import { custom, triggerToWait } from '../servers/draw';
import { makeMap, makeTags, makeWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openRuleCaller } from '../servers/open-rule-caller';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { until } from '../servers/until';

const PATIENCE_MS = 60_000;

let api: TestApi;
let ada: ReturnType<typeof openRuleCaller>;
let receiver: Receiver;
let [vip, lead]: TagId[] = [];
beforeAll(async () => {
  receiver = await openReceiver(() => ({ status: 200 }));
  api = await openTestApi({ isWorking: true });
  ada = openRuleCaller(api);
  [vip, lead] = await makeTags(api.system, 'VIP', 'Lead');
});
afterAll(async () => {
  await api.close();
  await receiver.close();
});

const addVip = () => ({ kind: 'change-tags', add: [vip] });
const write = async (recordId: RecordId, facts: Fact[]): Promise<StoredEvent> => {
  const accountId = api.ada.account._id;
  const [event] = await transaction(api.system.db, (session) =>
    appendRecordFacts(api.system.db, session, { accountId, recordId, facts, hops: 0 }),
  );
  api.system.pump.nudge();
  return event as StoredEvent;
};

test('rules are off until the account switches them on, and do not look back then', async () => {
  const ruleId = await ada.makeRule({ events: [custom('first.seen')], actions: [addVip()] });
  const recordId = await ada.makeContact();
  await ada.say(recordId, 'first.seen');
  await ada.untilHandled(recordId);
  expect((await ada.get(`/v1/rules/${ruleId}/evaluations`)).items).toEqual([]);
  expect((await ada.switchFeatures({ globalRules: true })).body.settings.features).toEqual({
    globalRules: true,
    formRules: false,
  });
  await ada.say(recordId, 'first.seen');
  expect(await ada.evaluations(ruleId, recordId)).toMatchObject([{ didFire: true, because: 'added VIP' }]);
  expect(await ada.tagsOf(recordId)).toEqual(['VIP']);
});

test('a rule does all its actions, each once, and the webhook log names it', async () => {
  const { mapId } = await makeMap(api.system, triggerToWait({ type: 'manual' }), 'Welcome');
  const webhookId = await makeWebhook(api.system, { url: `${receiver.url}/won/[First Name]` });
  const ruleId = await ada.makeRule({
    name: 'Won',
    events: [custom('deal.won')],
    condition: { kind: 'field', fieldId: 'state', op: 'equals', value: 'CA' },
    actions: [
      { kind: 'change-tags', add: [vip], remove: [lead] },
      { kind: 'change-field', fieldId: 'firstname', value: 'Augusta' },
      { kind: 'send-webhook', webhookId },
      { kind: 'add-to-map', mapId },
      { kind: 'assign-task', subject: 'Say thanks', dueInDays: 2 },
    ],
  });
  const recordId = await ada.makeContact({ firstname: 'Ada', state: 'CA' });
  await ada.say(recordId, 'deal.won');
  const [{ didFire, because, eventId }] = await ada.evaluations(ruleId, recordId);
  expect([didFire, because]).toEqual([
    true,
    'added VIP; removed Lead; set First Name; sent to Send to CRM; added to the map Welcome; assigned the task Say thanks',
  ]);
  await until('the request', () => receiver.arrivals.length > 0, PATIENCE_MS);
  const deliveries = await until('the log', async () => {
    const { items } = await ada.get(`/v1/deliveries?recordId=${recordId}`);
    return items[0]?.status === 'delivered' && items;
  });
  expect(deliveries).toMatchObject([{ type: 'rule', name: 'Won', source: { ruleId, eventId } }]);
  expect(receiver.arrivals.map(({ path }) => path)).toEqual(['/won/Augusta']);
  expect(await ada.entriesOf(recordId)).toMatchObject([{ mapId, status: 'active' }]);
  const tasks = (await ada.get('/v1/records?objectTypeId=1')).items;
  expect(tasks.map(({ fields }: { fields: object }) => fields)).toEqual([
    { subject: 'Say thanks', status: 'open', about_record: recordId, due_date: expect.any(String) },
  ]);
  expect((await ada.get(`/v1/rules/${ruleId}`)).lastFiredAt).not.toBeNull();

  await ada.untilHandled(recordId);
  const event = await api.system.db.model(EVENTS).findById(eventId).lean<StoredEvent>();
  const assign = [{ kind: 'assign-task', subject: 'Once' }];
  const laterId = await ada.makeRule({ events: [custom('deal.won')], actions: assign });
  const again = (id: typeof ruleId) => runRule(api.system, event as StoredEvent, id);
  await Promise.all([ruleId, laterId, laterId, laterId, laterId, laterId].map(again));
  const subjects = (await ada.get('/v1/records?objectTypeId=1')).items.map((task: typeof tasks) => task.fields.subject);
  expect(subjects.sort()).toEqual(['Once', 'Say thanks']);
  expect(await ada.evaluations(ruleId, recordId)).toHaveLength(1);
  expect(await ada.evaluations(laterId, recordId)).toHaveLength(1);

  await ada.makeRule({ events: [custom('deal.lost')], actions: [{ kind: 'remove-from-map', mapId }] });
  await ada.say(recordId, 'deal.lost');
  await until('the exit', async () => (await ada.entriesOf(recordId))[0].endReason === 'exited', PATIENCE_MS);
});

test('a rule says why it did not act, and of its actions does all or none', async () => {
  const { mapId } = await makeMap(api.system, triggerToWait({ type: 'manual' }), 'Gone');
  const condition = {
    kind: 'all',
    of: [
      { kind: 'field', fieldId: 'email', op: 'filled' },
      { kind: 'field', fieldId: 'state', op: 'equals', value: 'CA' },
    ],
  };
  const actions = [
    { kind: 'change-tags', add: [vip] },
    { kind: 'add-to-map', mapId },
  ];
  const ruleId = await ada.makeRule({ events: [custom('asked')], condition, actions });
  const [nevadan, californian] = [
    await ada.makeContact({ email: 'a@example.com', state: 'NV' }),
    await ada.makeContact(),
  ];
  await ada.say(nevadan, 'asked');
  expect(await ada.whyNot(ruleId, nevadan)).toBe('false: condition 2 was false: State is NV');

  await api.system.db.model(MAPS).updateOne({ _id: mapId }, { $set: { publishedNumber: null } });
  await api.ada.call('PATCH', `/v1/records/${californian}`, { fields: { email: 'b@example.com', state: 'CA' } });
  await ada.say(californian, 'asked');
  expect(await ada.whyNot(ruleId, californian)).toBe(
    'false: action 2 could not be done: the map Gone is not there or not published',
  );
  expect(await ada.tagsOf(californian)).toEqual([]);
  expect((await ada.get(`/v1/rules/${ruleId}`)).lastFiredAt).toBeNull();
});

test('a paused or deleted rule does not look; a resumed and edited one does as it is now', async () => {
  const [ruleId, deletedId] = [
    await ada.makeRule({ events: [custom('ping')], actions: [addVip()] }),
    await ada.makeRule({ events: [custom('ping')], actions: [addVip()] }),
  ];
  const watch = await ada.makeRule({ events: [custom('ping')], actions: [{ kind: 'change-tags', add: [lead] }] });
  expect((await api.ada.call('POST', `/v1/rules/${ruleId}/pause`)).body.isPaused).toBe(true);
  expect((await api.ada.call('DELETE', `/v1/rules/${deletedId}`)).status).toBe(200);
  const recordId = await ada.makeContact();
  await ada.say(recordId, 'ping');
  await ada.evaluations(watch, recordId);
  expect((await ada.get(`/v1/rules/${ruleId}/evaluations`)).items).toEqual([]);
  await api.ada.call('POST', `/v1/rules/${ruleId}/resume`);
  const settings = { name: 'Now', events: [custom('pong')], actions: [{ kind: 'change-tags', add: [vip] }] };
  await api.ada.call('PUT', `/v1/rules/${ruleId}`, { settings });
  await ada.say(recordId, 'pong');
  expect(await ada.whyNot(ruleId, recordId)).toBe('true: added VIP');
  expect(await ada.tagsOf(recordId)).toEqual(['Lead', 'VIP']);
});

test("a form's rules act behind their own switch, and on that form only", async () => {
  const unknown = await api.ada.call('POST', '/v1/rules', {
    settings: { name: 'x', events: [custom('x')], actions: [addVip()] },
    formId: newId('form'),
  });
  expect(unknown.body.problems).toContainEqual({ path: 'formId', message: 'is no form of the account' });
  const makeForm = async (name: string): Promise<FormId> =>
    (await api.ada.call('POST', '/v1/forms', { settings: { name, fields: [{ fieldId: 'email' }] } })).body.id;
  const [formId, otherFormId] = [await makeForm('Newsletter'), await makeForm('Order')];
  const failed = { events: [{ type: 'form.submitted', outcome: 'failure' }], actions: [addVip()] };
  const ruleId = await ada.makeRule(failed, formId);
  const recordId = await ada.makeContact();
  const submit = (form: typeof formId, outcome: 'success' | 'failure') =>
    write(recordId, [{ type: 'form.submitted', formId: form, outcome, data: {} }]);
  await submit(formId, 'failure');
  await ada.untilHandled(recordId);
  await ada.switchFeatures({ formRules: true });
  await submit(otherFormId, 'failure');
  await submit(formId, 'success');
  const { _id: last } = await submit(formId, 'failure');
  expect((await ada.get(`/v1/rules?formId=${formId}`)).items).toMatchObject([{ id: ruleId, formId }]);
  expect(await ada.evaluations(ruleId, recordId)).toMatchObject([{ didFire: true, eventId: last }]);
});
