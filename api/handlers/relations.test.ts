import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiCaller, openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  for (const caller of [api.ada, api.bob]) await caller.call('POST', '/v1/object-types/0/fields', employer);
});
afterAll(() => api.close());

const employer = { id: 'employer', label: 'Employer', type: 'parent', objectTypeId: 150 };
const makeCompany = async (caller: ApiCaller, name = 'Acme') =>
  (await caller.call('POST', '/v1/records', { objectTypeId: 150, fields: { name } })).body.id;
const makeContact = (fields: object, caller = api.ada) => caller.call('POST', '/v1/records', { fields });

test('a field of type "parent" is added with the object type it leads to, which must be there', async () => {
  const { body } = await api.ada.call('GET', '/v1/object-types/0');
  expect(body.fields.at(-1)).toEqual(employer);
  const dead = { id: 'dead', label: 'Dead', type: 'parent', objectTypeId: 4711 };
  const refused = await api.ada.call('POST', '/v1/object-types/0/fields', dead);
  expect(problemOf(refused).problems).toEqual([
    { path: 'objectTypeId', message: expect.stringMatching(/names no object type .* 150 \(Company\)/) },
  ]);
  const type = await api.ada.call('POST', '/v1/object-types', { name: 'A', plural: 'As', fields: [dead] });
  expect(problemOf(type).problems[0]?.path).toBe('fields.0.objectTypeId');
});

test('a relation holds the id of a record of its object type, and is emptied like any field', async () => {
  const companyId = await makeCompany(api.ada);
  const made = await makeContact({ employer: ` ${companyId} ` });
  expect(made.body.fields.employer).toBe(companyId);
  const emptied = await api.ada.call('PATCH', `/v1/records/${made.body.id}`, { fields: { employer: null } });
  expect(emptied.body.fields.employer).toBeNull();
  const byRelation = { matchBy: 'employer', fields: { employer: companyId, firstname: 'Ada' } };
  expect((await api.ada.call('POST', '/v1/records/save-or-update', byRelation)).status).toBe(200);
});

test.each([
  ['text that is no id', async () => 'Acme', /must be the id of a record: rec_/],
  ['a record that is gone', async () => `rec_${'0'.repeat(26)}`, /names no record of the account/],
  ['a record of another account', () => makeCompany(api.bob), /names no record of the account/],
  [
    'a record of another type',
    async () => (await makeContact({})).body.id,
    /must be a record of object type 150.*type 0/,
  ],
])('a relation to %s is refused, on every way to save a record', async (_kind, makeId, says) => {
  const fields = { email: 'ada@example.com', employer: await makeId() };
  const { body: record } = await makeContact({ email: 'ada@example.com' });
  for (const answer of [
    await makeContact(fields),
    await api.ada.call('PATCH', `/v1/records/${record.id}`, { fields }),
    await api.ada.call('POST', '/v1/records/save-or-update', { fields }),
  ])
    expect(problemOf(answer).problems).toEqual([{ path: 'fields.employer', message: expect.stringMatching(says) }]);
});

test('a webhook may name fields of related records that exist', async () => {
  const save = (body: string) =>
    api.ada.call('POST', '/v1/webhooks', { settings: { name: 'n', url: 'https://example.com/', body } });
  expect((await save('Company=[Employer//Name]&Order=[Entry//order_id]')).status).toBe(201);
  expect(problemOf(await save('Company=[Employer//Nmae]')).problems[0]?.message).toContain('[Employer//Name]');
});

test('a map that sets a relation is published only with a record that is there', async () => {
  const publish = async (value: string) => {
    const elements = [
      { id: 'start', kind: 'trigger', settings: { events: [{ type: 'manual' }] } },
      { id: 'set', kind: 'change-field', settings: { fieldId: 'employer', value } },
      { id: 'end', kind: 'end' },
    ];
    const edges = [
      { from: 'start', port: 'next', to: 'set' },
      { from: 'set', port: 'next', to: 'end' },
    ];
    const { body } = await api.ada.call('POST', '/v1/maps', { name: 'm', draft: { elements, edges } });
    return api.ada.call('POST', `/v1/maps/${body.id}/publish`, {});
  };
  expect((await publish(await makeCompany(api.ada))).status).toBe(200);
  expect(problemOf(await publish(await makeCompany(api.bob))).problems).toEqual([
    {
      path: 'elements.1.settings.value',
      message: 'names no record of the account',
      elementId: 'set',
      severity: 'error',
    },
  ]);
});
