import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../../lib/ids';
import { type OntraportCaller, ontraportCaller } from '../../tests/servers/ontraport-caller';
import { openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
let dataOf: OntraportCaller['dataOf'];
let refusalOf: OntraportCaller['refusalOf'];
let tagId: string;
beforeAll(async () => {
  api = await openTestApi();
  ({ dataOf, refusalOf } = ontraportCaller(api.ada));
  tagId = (await dataOf('POST', '/Tags', 'tag_name=Ruled')).tag_id;
});
afterAll(() => api.close());

const POSTCARD = 'Send_contact_a_postcard(5)';
const stringsOf = () => ({
  events: `Contact_added_to_category(${tagId});call_is_logged`,
  conditions: `Is_in_category(${tagId})|url_condition(Contains,x) ; Is_not_in_category(${tagId})`,
  actions: `Add_contact_to_category(${tagId});${POSTCARD}`,
});
const make = (given: object = {}) =>
  dataOf('POST', '/Rules', { name: 'Moved', object_type_id: 0, ...stringsOf(), ...given });
const ruleOf = async (number: string) => {
  const { body } = await api.ada.call('GET', '/v1/rules?limit=200');
  return body.items.find((rule: { number: number }) => String(rule.number) === number);
};

test('a rule with unknown items is kept paused, gives its strings back unchanged, and names what is unknown', async () => {
  const made = await make();
  expect(made).toMatchObject({ ...stringsOf(), pause: '1' });
  expect(made.unknown).toMatch(/^Stays paused: .*call_is_logged.*url_condition.*Send_contact_a_postcard/);
  expect(await dataOf('GET', `/Rule?id=${made.id}`)).toEqual(made);
  expect(await ruleOf(made.id)).toMatchObject({
    isPaused: true,
    settings: { events: [{ type: 'tag.added' }], actions: [{ kind: 'change-tags' }] },
    unknownItems: [
      { path: 'events.1', item: 'call_is_logged', reason: expect.stringContaining('no counterpart') },
      { path: 'conditions.1', item: 'url_condition(Contains,x)', reason: expect.stringContaining('no counterpart') },
      { path: 'actions.1', item: POSTCARD, reason: expect.stringContaining('no counterpart') },
    ],
  });

  const renamed = await dataOf('PUT', '/Rules', `id=${made.id}&name=Renamed`);
  expect(renamed.attrs).toEqual({ name: 'Renamed', dlm: expect.any(String), id: made.id });
  expect(await dataOf('GET', `/Rule?id=${made.id}`)).toMatchObject({ ...stringsOf(), name: 'Renamed', pause: '1' });
});

test('a rule that holds the URL and body of its webhook is kept in the same way, whatever stands in them', async () => {
  const ping = 'Ping_APIURL(https://example.com/in?a=1;b=2::{"name":"[First Name], (new); :)"}::1)';
  const given = {
    events: `Contact_added_to_category(${tagId})`,
    conditions: '',
    actions: `${ping};Add_contact_to_category(${tagId})`,
  };
  const made = await make(given);
  expect(made).toMatchObject({ ...given, pause: '1', unknown: expect.stringContaining(ping) });
  expect(await ruleOf(made.id)).toMatchObject({
    settings: { actions: [{ kind: 'change-tags' }] },
    unknownItems: [
      { path: 'actions.0', item: ping, reason: 'it holds a URL; make that a webhook, and name it by its id' },
    ],
  });
});

test('it is not unpaused while anything in it is unknown, by either API', async () => {
  const { id } = await make({ actions: POSTCARD, events: 'call_is_logged' });
  const sentence = expect.stringMatching(/^events.0: "call_is_logged" is not understood.*actions.0: .*postcard/);
  expect(await refusalOf('POST', '/objects/unpause', `objectID=6&ids=${id}`)).toEqual([422, sentence]);
  await dataOf('POST', '/objects/pause', `objectID=6&ids=${id}`);
  const { id: ruleId } = await ruleOf(id);
  const refused = await api.ada.call('POST', `/v1/rules/${ruleId}/resume`);
  expect([refused.status, problemOf(refused).code]).toEqual([409, 'rule.unknown-items']);
  expect(problemOf(refused).problems.map(({ path }) => path)).toContain('actions.0');
  expect((await dataOf('GET', `/Rule?id=${id}`)).pause).toBe('1');

  const known = `id=${id}&actions=Add_contact_to_category(${tagId})`;
  expect((await dataOf('PUT', '/Rules', known)).attrs.unknown).not.toMatch(/postcard/);
  expect((await refusalOf('POST', '/objects/unpause', `objectID=6&ids=${id}`))[0]).toBe(422);
  const events = `Contact_removed_from_category(${tagId})`;
  const { attrs } = await dataOf('PUT', '/Rules', `id=${id}&events=${events}&conditions=`);
  expect(attrs).toMatchObject({ events, conditions: '', unknown: '' });
  expect(attrs.pause).toBeUndefined();
  await dataOf('POST', '/objects/unpause', `objectID=6&ids=${id}`);
  expect((await dataOf('GET', `/Rule?id=${id}`)).pause).toBe('0');
});

test('a running rule that gets an unknown item is paused; new settings under /v1 make it whole again', async () => {
  const { id } = await make({
    events: 'Contact_added_to_my_database()',
    conditions: '',
    actions: `Add_contact_to_category(${tagId})`,
  });
  const { attrs } = await dataOf('PUT', '/Rules', { id: Number(id), actions: POSTCARD });
  expect(attrs).toMatchObject({ actions: POSTCARD, pause: '1', unknown: expect.stringContaining('postcard') });
  const { id: ruleId, settings } = await ruleOf(id);
  expect(settings.actions).toEqual([]);
  const actions = [{ kind: 'assign-task', subject: 'Write a postcard', dueInDays: 1 }];
  const { body } = await api.ada.call('PUT', `/v1/rules/${ruleId}`, { settings: { ...settings, actions } });
  expect(body).toMatchObject({ isPaused: true, unknownItems: [] });
  expect((await api.ada.call('POST', `/v1/rules/${ruleId}/resume`)).body.isPaused).toBe(false);
});

test('what is known but wrong is refused as ever, beside unknown items too, and nothing is kept', async () => {
  const before = await dataOf('GET', '/Rules/getInfo');
  const refuse = (given: object) => refusalOf('POST', '/Rules', { object_type_id: 0, ...stringsOf(), ...given });
  expect(await refuse({ events: 'Contact_added_to_category(9999)' })).toEqual([
    422,
    expect.stringMatching(/no tag 9999/),
  ]);
  expect(await refuse({ actions: `no item;${POSTCARD}` })).toEqual([422, expect.stringMatching(/not written as code/)]);
  expect(await refuse({ events: 'field_is_updated(nothing)' })).toEqual([422, expect.stringMatching(/nothing/)]);
  const spent = 'Has_spent_condition_N_on_product(Greater Than,5,0)';
  const ofDeal = { object_type_id: 149, events: 'field_is_updated(stage)', conditions: spent, actions: POSTCARD };
  expect(await refuse(ofDeal)).toEqual([422, expect.stringMatching(/"purchases" is asked only of contacts/)]);
  expect(await refuse({ events: '' })).toEqual([422, expect.stringMatching(/^events: must be at least 1/)]);
  expect(await dataOf('GET', '/Rules/getInfo')).toEqual(before);
  expect((await api.ada.call('POST', `/v1/rules/${newId('rule')}/resume`)).status).toBe(404);
});
