import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { custom } from '../servers/draw';
import { openRuleCaller } from '../servers/open-rule-caller';
import { openTestApi, type TestApi } from '../servers/open-test-api';
import { until } from '../servers/until';

const PATIENCE_MS = 60_000;
const [NOTE, DEAL] = [12, 149];

let api: TestApi;
let ada: ReturnType<typeof openRuleCaller>;
beforeAll(async () => {
  api = await openTestApi({ isWorking: true });
  ada = openRuleCaller(api);
  await ada.switchFeatures({ globalRules: true });
  const contact = { id: 'contact', label: 'Contact', type: 'parent', objectTypeId: 0 };
  expect((await api.ada.call('POST', `/v1/object-types/${DEAL}/fields`, contact)).status).toBe(201);
});
afterAll(() => api.close());

const recordsOf = async (objectTypeId: number) => (await ada.get(`/v1/records?objectTypeId=${objectTypeId}`)).items;
const deal = (fields: object, more: object = {}) => ({ kind: 'create-record', objectTypeId: DEAL, fields, ...more });

test('a rule makes a related record and a note from the record as it is then, once, and says that it did', async () => {
  const actions = [
    { kind: 'change-field', fieldId: 'firstname', value: 'Augusta' },
    deal({ name: 'Deal of [First Name]', value: '[Spent]', stage: 'New' }, { relate: 'contact' }),
    { kind: 'add-note', text: 'Asked for [Company|nothing].' },
  ];
  const ruleId = await ada.makeRule({ name: 'Won', events: [custom('won')], actions });
  const settled = { name: 'Follow', objectTypeId: DEAL, events: [{ type: 'record.created' }] };
  const followId = await ada.makeRule({
    ...settled,
    actions: [{ kind: 'add-note', text: 'New: [Name] [Contact//Email]' }],
  });
  const recordId = await ada.makeContact({ firstname: 'Ada', spent: 12.5, email: 'ada@example.com' });
  await ada.say(recordId, 'won');
  expect(await ada.whyNot(ruleId, recordId)).toBe('true: set First Name; created a record of Deals; added a note');
  const deals = await recordsOf(DEAL);
  expect(deals.map(({ fields }: { fields: object }) => fields)).toEqual([
    { name: 'Deal of Augusta', value: 12.5, stage: 'New', contact: recordId },
  ]);
  const [{ id: dealId }] = deals;
  const [created] = (await ada.get(`/v1/events?recordId=${dealId}`)).items;
  expect(created).toMatchObject({
    fact: { type: 'record.created' },
    hops: 1,
    cause: { kind: 'rule', id: ruleId, name: 'Won' },
  });
  expect(await ada.whyNot(followId, dealId)).toBe('true: added a note');
  const notes = await until(
    'both notes',
    async () => {
      const items = await recordsOf(NOTE);
      return items.length === 2 && items;
    },
    PATIENCE_MS,
  );
  expect(notes.map(({ fields }: { fields: object }) => fields)).toEqual([
    { data: 'New: Deal of Augusta ada@example.com', about_record: dealId },
    { data: 'Asked for nothing.', about_record: recordId },
  ]);
  const [event] = (await ada.get(`/v1/events?recordId=${notes[0].id}`)).items;
  expect(event).toMatchObject({ hops: 2, cause: { kind: 'rule', id: followId } });
});

test('when a value does not fit its field, the rule does nothing at all and says why', async () => {
  const actions = [
    { kind: 'change-field', fieldId: 'state', value: 'CA' },
    { kind: 'add-note', text: 'Not kept' },
    deal({ value: '[Title]' }),
  ];
  const ruleId = await ada.makeRule({ events: [custom('odd')], actions });
  const leads = await ada.makeRule({ events: [custom('led')], actions: [deal({ contact: '[Title]' })] });
  const before = [(await recordsOf(NOTE)).length, (await recordsOf(DEAL)).length];
  const recordId = await ada.makeContact({ title: 'much' });
  await ada.say(recordId, 'odd');
  expect(await ada.whyNot(ruleId, recordId)).toBe('false: action 3 could not be done: Value must be a number');
  await api.ada.call('PATCH', `/v1/records/${recordId}`, { fields: { title: `rec_${'0'.repeat(26)}` } });
  await ada.say(recordId, 'led');
  expect(await ada.whyNot(leads, recordId)).toBe(
    'false: action 1 could not be done: Contact leads to no record of the right object type',
  );
  expect((await ada.get(`/v1/records/${recordId}`)).fields.state).toBeUndefined();
  expect([(await recordsOf(NOTE)).length, (await recordsOf(DEAL)).length]).toEqual(before);
});

test('a rule that sets off itself by the records that it makes is stopped', async () => {
  const settings = { name: 'Endless', objectTypeId: 150, events: [{ type: 'record.created' }] };
  await ada.makeRule({
    ...settings,
    actions: [{ kind: 'create-record', objectTypeId: 150, fields: { name: '[Name]!' } }],
  });
  await api.ada.call('POST', '/v1/records', { objectTypeId: 150, fields: { name: 'Acme' } });
  const [parked] = await until(
    'the end',
    async () => {
      const { items } = await ada.get('/v1/events?status=parked');
      return items.length > 0 && items;
    },
    PATIENCE_MS,
  );
  expect(parked.error).toContain('Endless');
  expect((await recordsOf(150)).length).toBe(12);
});
