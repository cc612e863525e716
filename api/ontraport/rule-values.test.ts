import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type OntraportCaller, ontraportCaller } from '../../tests/servers/ontraport-caller';
import { openRuleCaller } from '../../tests/servers/open-rule-caller';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';
import { until } from '../../tests/servers/until';

let api: TestApi;
let ada: ReturnType<typeof openRuleCaller>;
let dataOf: OntraportCaller['dataOf'];
let refusalOf: OntraportCaller['refusalOf'];
let company: { id: string; unique_id: string };
let tagId: string;
beforeAll(async () => {
  api = await openTestApi({ isWorking: true });
  ada = openRuleCaller(api);
  ({ dataOf, refusalOf } = ontraportCaller(api.ada));
  await ada.switchFeatures({ globalRules: true });
  const fields = [
    [
      { alias: 'Colours', type: 'list', options: ['Red', 'Blue'] },
      { alias: 'Size', type: 'drop', options: ['S', 'M'] },
    ],
  ];
  const { success } = await dataOf('POST', '/objects/fieldeditor', {
    objectID: 0,
    name: 'Contact Information',
    fields,
  });
  expect(success).toEqual({ f1500: 'Colours', f1501: 'Size' });
  const employer = { id: 'employer', label: 'Employer', type: 'parent', objectTypeId: 150 };
  await api.ada.call('POST', '/v1/object-types/0/fields', employer);
  await dataOf('POST', '/Companies', 'name=First');
  company = await dataOf('POST', '/Companies', 'name=Acme');
  await dataOf('POST', '/Tags', 'tag_name=First');
  tagId = (await dataOf('POST', '/Tags', 'tag_name=Second')).tag_id;
});
afterAll(() => api.close());

const stringsOf = () => ({
  events: `Contact_added_to_category(${tagId})`,
  conditions: `field_is_condition_fieldvalue(f1501,Equal To,1);field_is_condition_fieldvalue(employer,Equal To,${company.id})`,
  actions: `Change_field_to_fieldvalue(f1500,*/*1*/*2*/*,0);Change_field_to_fieldvalue(f1501,2,0);Change_field_to_fieldvalue(employer,${company.id},0)`,
});

test('a rule names options and records by their ids, gives them back so, and acts by them', async () => {
  const made = await dataOf('POST', '/Rules', { name: 'Sized', object_type_id: 0, ...stringsOf() });
  expect(made).toMatchObject({ ...stringsOf(), pause: '0', unknown: '' });
  expect(await dataOf('GET', `/Rule?id=${made.id}`)).toEqual(made);
  const { items } = await ada.get('/v1/rules');
  expect(items[0].settings).toMatchObject({
    condition: {
      kind: 'all',
      of: [
        { fieldId: 'f1501', value: 'S' },
        { fieldId: 'employer', value: company.unique_id },
      ],
    },
    actions: [
      { fieldId: 'f1500', value: ['Red', 'Blue'] },
      { fieldId: 'f1501', value: 'M' },
      { fieldId: 'employer', value: company.unique_id },
    ],
  });

  const contact = await dataOf('POST', '/Contacts', { f1501: '1', employer: company.id });
  await dataOf('PUT', '/objects/tag', `objectID=0&ids=${contact.id}&add_list=${tagId}`);
  const changed = await until('the rule to act', async () => {
    const shown = await dataOf('GET', `/Contact?id=${contact.id}`);
    return shown.f1501 === '2' && shown;
  });
  expect(changed).toMatchObject({ f1500: '*/*1*/*2*/*', employer: company.id });
});

test('an option or record that is not there refuses the rule, and nothing is kept', async () => {
  const before = await dataOf('GET', '/Rules/getInfo');
  const refuse = (given: object) => refusalOf('POST', '/Rules', { object_type_id: 0, ...stringsOf(), ...given });
  for (const [given, says] of [
    [{ actions: 'Change_field_to_fieldvalue(f1500,*/*1*/*3*/*,0)' }, /Colours holds 3, which is not among its options/],
    [{ actions: 'Change_field_to_fieldvalue(f1501,3,0)' }, /Size must be one of S, M/],
    [{ actions: 'Change_field_to_fieldvalue(employer,9999,0)' }, /Employer must be the id .* there is no record 9999/],
    [{ conditions: 'field_is_condition_fieldvalue(f1501,Equal To,3)' }, /Size must be the id of an option, 1 to 2/],
    [{ conditions: 'field_is_condition_fieldvalue(f1500,Contains,Pink)' }, /Colours must be the id of an option/],
    [{ conditions: 'field_is_condition_fieldvalue(employer,Equal To,9999)' }, /there is no record 9999/],
  ] as const)
    expect(await refuse(given)).toEqual([422, expect.stringMatching(says)]);
  expect(await dataOf('GET', '/Rules/getInfo')).toEqual(before);
});

test('a map is exported with the ids of options, records and tags, and nothing beside them', async () => {
  const { body: tags } = await api.ada.call('GET', '/v1/tags');
  const second = tags.items.find(({ name }: { name: string }) => name === 'Second');
  const draft = {
    elements: [
      { id: 'n1', kind: 'trigger', settings: { events: [{ type: 'tag.added', tagId: second.id }] } },
      { id: 'n2', kind: 'change-field', settings: { fieldId: 'f1500', value: ['Blue'] } },
      { id: 'n3', kind: 'change-field', settings: { fieldId: 'employer', value: company.unique_id } },
    ],
    edges: [],
  };
  const { body: made } = await api.ada.call('POST', '/v1/maps', { name: 'Sized', draft });
  const { body: out } = await api.ada.call('GET', `/v1/maps/${made.id}/export-ontraport`);
  expect(out.campaign.nodes.map(({ resource }: { resource: object }) => resource)).toMatchObject([
    { rule_editor: { events: { statement: [{ sub_tag: { a0: tagId } }] } } },
    { update_contact_field: 'f1500', update_contact_val: '*/*2*/*' },
    { update_contact_field: 'employer', update_contact_val: company.id },
  ]);
  expect(JSON.stringify(out.campaign.nodes)).not.toMatch(/hookline/);
  const again = await api.ada.call('POST', '/v1/maps/import-ontraport', { map: out, hasOwnIds: true });
  expect(again.body.draft).toEqual(made.draft);
});
