import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../../lib/ids';
import type { Fact, StoredEvent } from '../../schemas/event';
import type { FieldValues } from '../../schemas/field';
import type { MapId, RecordId, RuleId, TagId } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { EVENTS } from '../../store/events';
import { MAPS } from '../../store/maps';
import { appendRecordFacts, insertRecord } from '../../store/records';
import { runRule } from '../../workers/dispatch/run-rule';
import { custom, triggerToWait } from '../servers/draw';
import { makeMap, makeTags, makeWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { until } from '../servers/until';

const PATIENCE_MS = 60_000;

let api: TestApi;
let receiver: Receiver;
let [vip, lead]: TagId[] = [];
beforeAll(async () => {
  receiver = await openReceiver(() => ({ status: 200 }));
  api = await openTestApi({ isWorking: true });
  [vip, lead] = await makeTags(api.system, 'VIP', 'Lead');
});
afterAll(async () => {
  await api.close();
  await receiver.close();
});

const get = async (path: string) => (await api.ada.call('GET', path)).body;
const features = (given: object) => api.ada.call('PATCH', '/v1/account', { settings: { features: given } });
async function makeRule(settings: object, formId?: string): Promise<RuleId> {
  const body = { settings: { name: 'Rule', actions: [{ kind: 'change-tags', add: [vip] }], ...settings }, formId };
  const answer = await api.ada.call('POST', '/v1/rules', body);
  expect([answer.status, answer.body.problems]).toEqual([201, undefined]);
  return answer.body.id;
}
const makeContact = async (fields: FieldValues = {}): Promise<RecordId> =>
  (await api.ada.call('POST', '/v1/records', { fields })).body.id;
const say = (recordId: RecordId, name: string) => api.ada.call('POST', '/v1/events', { recordId, name });
const tagsOf = async (recordId: RecordId): Promise<string[]> =>
  (await get(`/v1/records/${recordId}`)).tags.map(({ name }: { name: string }) => name);
/** What the rule made of the record's events; waits until there is something. */
const evaluations = (ruleId: RuleId, recordId: RecordId) =>
  until(
    'the rule to look',
    async () => {
      const { items } = await get(`/v1/rules/${ruleId}/evaluations?recordId=${recordId}`);
      return items.length > 0 && items;
    },
    PATIENCE_MS,
  );
const whyNot = async (ruleId: RuleId, recordId: RecordId): Promise<string> => {
  const [{ didFire, because }] = await evaluations(ruleId, recordId);
  return `${didFire}: ${because}`;
};
const entriesOf = async (recordId: RecordId) => (await get(`/v1/entries?recordId=${recordId}`)).items;
const write = async (recordId: RecordId, facts: Fact[]): Promise<StoredEvent> => {
  const accountId = api.ada.account._id;
  const [event] = await transaction(api.system.db, (session) =>
    appendRecordFacts(api.system.db, session, { accountId, recordId, facts, hops: 0 }),
  );
  api.system.pump.nudge();
  return event as StoredEvent;
};

test('rules are off until the account switches them on, and do not look back then', async () => {
  const ruleId = await makeRule({ events: [custom('first.seen')] });
  const recordId = await makeContact();
  await say(recordId, 'first.seen');
  await until('the event to be handled', async () => {
    const { items } = await get(`/v1/events?recordId=${recordId}`);
    return items.every(({ status }: { status: string }) => status === 'settled');
  });
  expect((await get(`/v1/rules/${ruleId}/evaluations`)).items).toEqual([]);
  expect((await features({ globalRules: true })).body.settings.features).toEqual({
    globalRules: true,
    formRules: false,
  });
  await say(recordId, 'first.seen');
  expect(await evaluations(ruleId, recordId)).toMatchObject([{ didFire: true, because: 'added VIP' }]);
  expect(await tagsOf(recordId)).toEqual(['VIP']);
});

test('a rule does all its actions, each once, and the webhook log names it', async () => {
  const { mapId } = await makeMap(api.system, triggerToWait({ type: 'manual' }), 'Welcome');
  const webhookId = await makeWebhook(api.system, { url: `${receiver.url}/won/[First Name]` });
  const ruleId = await makeRule({
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
  const recordId = await makeContact({ firstname: 'Ada', state: 'CA' });
  await say(recordId, 'deal.won');
  const [{ didFire, because, eventId }] = await evaluations(ruleId, recordId);
  expect([didFire, because]).toEqual([
    true,
    'added VIP; removed Lead; set First Name; sent to Send to CRM; added to the map Welcome; assigned the task Say thanks',
  ]);
  await until('the request', () => receiver.arrivals.length > 0, PATIENCE_MS);
  const deliveries = await until('the log', async () => {
    const { items } = await get(`/v1/deliveries?recordId=${recordId}`);
    return items[0]?.status === 'delivered' && items;
  });
  expect(deliveries).toMatchObject([{ type: 'rule', name: 'Won', source: { ruleId, eventId } }]);
  expect(receiver.arrivals.map(({ path }) => path)).toEqual(['/won/Augusta']);
  expect(await entriesOf(recordId)).toMatchObject([{ mapId, status: 'active' }]);
  const tasks = (await get('/v1/records?objectTypeId=1')).items;
  expect(tasks.map(({ fields }: { fields: object }) => fields)).toEqual([
    { subject: 'Say thanks', status: 'open', about_record: recordId, due_date: expect.any(String) },
  ]);
  expect((await get(`/v1/rules/${ruleId}`)).lastFiredAt).not.toBeNull();

  const event = await api.system.db.model(EVENTS).findById(eventId).lean<StoredEvent>();
  await Promise.all([1, 2, 3].map(() => runRule(api.system, event as StoredEvent, ruleId)));
  expect((await get('/v1/records?objectTypeId=1')).items).toHaveLength(1);
  expect(await evaluations(ruleId, recordId)).toHaveLength(1);

  await makeRule({ events: [custom('deal.lost')], actions: [{ kind: 'remove-from-map', mapId }] });
  await say(recordId, 'deal.lost');
  await until('the exit', async () => (await entriesOf(recordId))[0].endReason === 'exited', PATIENCE_MS);
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
  const ruleId = await makeRule({ events: [custom('asked')], condition, actions });
  const [ada, bob] = [await makeContact({ email: 'a@example.com', state: 'NV' }), await makeContact()];
  await say(ada, 'asked');
  expect(await whyNot(ruleId, ada)).toBe('false: condition 2 was false: State is NV');

  await api.system.db.model(MAPS).updateOne({ _id: mapId }, { $set: { publishedNumber: null } });
  await api.ada.call('PATCH', `/v1/records/${bob}`, { fields: { email: 'b@example.com', state: 'CA' } });
  await say(bob, 'asked');
  expect(await whyNot(ruleId, bob)).toBe(
    'false: action 2 could not be done: the map Gone is not there or not published',
  );
  expect(await tagsOf(bob)).toEqual([]);
  expect((await get(`/v1/rules/${ruleId}`)).lastFiredAt).toBeNull();
});

test('a paused or deleted rule does not look; a resumed and edited one does as it is now', async () => {
  const [ruleId, deletedId] = [
    await makeRule({ events: [custom('ping')] }),
    await makeRule({ events: [custom('ping')] }),
  ];
  const watch = await makeRule({ events: [custom('ping')], actions: [{ kind: 'change-tags', add: [lead] }] });
  expect((await api.ada.call('POST', `/v1/rules/${ruleId}/pause`)).body.isPaused).toBe(true);
  expect((await api.ada.call('DELETE', `/v1/rules/${deletedId}`)).status).toBe(200);
  const recordId = await makeContact();
  await say(recordId, 'ping');
  await evaluations(watch, recordId);
  expect((await get(`/v1/rules/${ruleId}/evaluations`)).items).toEqual([]);
  await api.ada.call('POST', `/v1/rules/${ruleId}/resume`);
  const settings = { name: 'Now', events: [custom('pong')], actions: [{ kind: 'change-tags', add: [vip] }] };
  await api.ada.call('PUT', `/v1/rules/${ruleId}`, { settings });
  await say(recordId, 'pong');
  expect(await whyNot(ruleId, recordId)).toBe('true: added VIP');
  expect((await tagsOf(recordId)).sort()).toEqual(['Lead', 'VIP']);
});

test('rules, triggers and condition elements ask alike for maps and purchases', async () => {
  const { db, account } = api.system;
  const accountId = account.account._id;
  const { mapId } = await makeMap(api.system, triggerToWait(custom('enter')), 'Customers');
  const [buyer, visitor] = [await makeContact(), await makeContact()];
  const productId = (await api.ada.call('POST', '/v1/records', { objectTypeId: 16, fields: { name: 'Widget' } })).body
    .id as RecordId;
  const buy = (fields: FieldValues) =>
    transaction(db, (session) =>
      insertRecord(db, session, {
        accountId,
        objectTypeId: 17,
        fields: { contact_id: buyer, product_id: productId, ...fields },
        tagIds: [],
        facts: [],
      }),
    );
  await buy({ quantity: 2, total_price: 19.9 });
  await buy({ total_price: 10 });
  await say(buyer, 'enter');
  await until('the entry', async () => (await entriesOf(buyer)).length === 1, PATIENCE_MS);

  const isBuyer = {
    kind: 'all' as const,
    of: [
      { kind: 'map' as const, op: 'on' as const, mapId },
      { kind: 'purchases' as const, measure: 'count' as const, productId, op: 'at-least' as const, value: 3 },
      { kind: 'purchases' as const, measure: 'spent' as const, op: 'equals' as const, value: 29.9 },
    ],
  };
  const decide = (start: object): Parameters<typeof makeMap>[1] => ({
    settings: { reentry: 'once' },
    elements: [
      { id: 'start', kind: 'trigger', title: '', settings: { events: [custom('decide')], ...start } },
      { id: 'decide', kind: 'condition', title: '', settings: { condition: isBuyer } },
      { id: 'yes', kind: 'change-tags', title: '', settings: { add: [vip as TagId], remove: [] } },
      { id: 'no', kind: 'change-tags', title: '', settings: { add: [lead as TagId], remove: [] } },
      { id: 'end', kind: 'end', title: '', settings: {} },
    ],
    edges: [
      { from: 'start', port: 'next', to: 'decide' },
      { from: 'decide', port: 'yes', to: 'yes' },
      { from: 'decide', port: 'no', to: 'no' },
      { from: 'yes', port: 'next', to: 'end' },
      { from: 'no', port: 'next', to: 'end' },
    ],
  });
  const everyone = await makeMap(api.system, decide({}), 'Everyone');
  const buyers = await makeMap(api.system, decide({ condition: isBuyer }), 'Buyers');
  const ruleId = await makeRule({
    events: [custom('decide')],
    condition: isBuyer,
    actions: [{ kind: 'change-field', fieldId: 'title', value: 'Buyer' }],
  });
  for (const recordId of [buyer, visitor]) await say(recordId, 'decide');
  const isOver = async (recordId: RecordId, mapIds: MapId[]): Promise<boolean> => {
    const ended = (await entriesOf(recordId)).filter(({ status }: { status: string }) => status === 'ended');
    return mapIds.every((wanted) => ended.some((entry: { mapId: MapId }) => entry.mapId === wanted));
  };
  await until('the buyer to pass', () => isOver(buyer, [everyone.mapId, buyers.mapId]), PATIENCE_MS);
  await until('the visitor to pass', () => isOver(visitor, [everyone.mapId]), PATIENCE_MS);
  expect([await tagsOf(buyer), await tagsOf(visitor)]).toEqual([['VIP'], ['Lead']]);
  expect(await entriesOf(visitor)).toHaveLength(1);
  expect(await whyNot(ruleId, buyer)).toBe('true: set Title');
  expect(await whyNot(ruleId, visitor)).toBe('false: condition 1 was false: the record is not on the map Customers');
});

test("a form's rules act behind their own switch, and on that form only", async () => {
  const [formId, otherFormId] = [newId('form'), newId('form')];
  const failed = { events: [{ type: 'form.submitted', outcome: 'failure' }] };
  const ruleId = await makeRule(failed, formId);
  const recordId = await makeContact();
  const submit = (form: typeof formId, outcome: 'success' | 'failure') =>
    write(recordId, [{ type: 'form.submitted', formId: form, outcome, data: {} }]);
  await submit(formId, 'failure');
  await features({ formRules: true });
  await submit(otherFormId, 'failure');
  await submit(formId, 'success');
  const { _id: last } = await submit(formId, 'failure');
  await until('the last one', async () => (await evaluations(ruleId, recordId))[0].eventId === last, PATIENCE_MS);
  expect((await get(`/v1/rules?formId=${formId}`)).items).toMatchObject([{ id: ruleId, formId }]);
  expect((await evaluations(ruleId, recordId)).length).toBeLessThanOrEqual(2);
});

test('two rules that feed each other are stopped after 10, and both are named', async () => {
  const swap = (add?: TagId, remove?: TagId) => [{ kind: 'change-tags', add: [add], remove: [remove] }];
  const [one, two] = await makeTags(api.system, 'One', 'Two');
  await makeRule({ name: 'To two', events: [{ type: 'tag.added', tagId: one }], actions: swap(two, one) });
  await makeRule({ name: 'To one', events: [{ type: 'tag.added', tagId: two }], actions: swap(one, two) });
  const recordId = await makeContact();
  await api.ada.call('POST', `/v1/records/${recordId}/tags`, { add: ['One'] });
  const [parked] = await until(
    'the loop to be noticed',
    async () => {
      const { items } = await get(`/v1/events?status=parked&recordId=${recordId}`);
      return items.length > 0 && items;
    },
    PATIENCE_MS,
  );
  expect(parked).toMatchObject({ hops: 11, tries: 1, cause: { kind: 'rule', name: 'To two' } });
  expect(parked.error).toMatch(/loop; the rule "To two" made this event, and it would set off the rule "To one"$/);
  expect(await tagsOf(recordId)).toEqual(['Two']);
});
