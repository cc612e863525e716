import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
let productId: string;
beforeAll(async () => {
  api = await openTestApi();
  productId = (await post('/v1/records', { objectTypeId: 16, fields: { name: 'Course', price: 49 } })).body.id;
});
afterAll(() => api.close());

const post = (path: string, body?: unknown) => api.ada.call('POST', path, body);
const email = { fieldId: 'email', isRequired: true };
const make = async (settings: object) =>
  (await post('/v1/forms', { settings: { name: 'Contact us', fields: [email], ...settings } })).body;
const factsOf = async (recordId: string) =>
  (await api.ada.call('GET', `/v1/events?recordId=${recordId}&limit=200`)).body.items
    .reverse()
    .map(({ fact }: { fact: unknown }) => fact);

test('a form is created, read, changed, listed and deleted; its address stays until then', async () => {
  const form = await make({});
  expect(form).toMatchObject({ number: expect.any(Number), settings: { matchBy: 'email', allowedOrigins: [] } });
  expect(form.url).toMatch(/^http:\/\/127\.0\.0\.1\/forms\/[\w-]{32}$/);
  const path = `/v1/forms/${form.id}`;
  const settings = { name: 'Renamed', fields: [email], redirectUrl: 'https://example.com/thanks?a=1' };
  const changed = await api.ada.call('PUT', path, { settings });
  expect(changed.body).toMatchObject({ url: form.url, number: form.number, settings });
  expect((await api.ada.call('GET', path)).body).toEqual(changed.body);
  expect((await api.ada.call('GET', '/v1/forms')).body.items[0]).toEqual(changed.body);
  expect((await api.ada.call('DELETE', path)).body).toEqual({ id: form.id, isDeleted: true });
  expect((await api.ada.call('GET', path)).status).toBe(404);
  expect((await fetch(`${api.url}${new URL(form.url).pathname}`)).status).toBe(404);
});

test('a form goes with its own rules, and stays while a map, another rule or a subscription listens for it', async () => {
  const form = await make({});
  const path = `/v1/forms/${form.id}`;
  const event = { type: 'form.submitted', formId: form.id };
  const actions = [{ kind: 'assign-task', subject: 'Call', dueInDays: 1 }];
  const rule = { name: 'Rule', events: [event], actions };
  const { body: own } = await post('/v1/rules', { settings: rule, formId: form.id });
  const { body: global } = await post('/v1/rules', { settings: rule });
  const settings = { event, url: 'https://example.com/hook' };
  const { body: subscription } = await post('/v1/subscriptions', { settings });
  const draftOf = (listened: object) => ({
    elements: [
      { id: 'a', kind: 'trigger', settings: { events: [listened] } },
      { id: 'b', kind: 'end' },
    ],
    edges: [{ from: 'a', port: 'next', to: 'b' }],
  });
  const { body: map } = await post('/v1/maps', { name: 'Listens', draft: draftOf(event) });
  expect((await post(`/v1/maps/${map.id}/publish`, {})).status).toBe(200);
  const edit = { name: 'Listens', draftRevision: map.draftRevision, draft: draftOf({ type: 'manual' }) };
  expect((await api.ada.call('PUT', `/v1/maps/${map.id}/draft`, edit)).status).toBe(200);

  const refusal = async () => {
    const { status, body } = await api.ada.call('DELETE', path);
    return [status, body.code, body.detail];
  };
  expect(await refusal()).toEqual([409, 'form.in-use', expect.stringContaining(`a map (${map.id})`)]);
  // The version that it was published with no longer counts.
  expect((await post(`/v1/maps/${map.id}/publish`, {})).status).toBe(200);
  expect(await refusal()).toEqual([409, 'form.in-use', expect.stringContaining(`a rule (${global.id})`)]);
  await api.ada.call('DELETE', `/v1/rules/${global.id}`);
  expect(await refusal()).toEqual([409, 'form.in-use', expect.stringContaining(`a subscription (${subscription.id})`)]);
  expect((await api.ada.call('GET', path)).status).toBe(200);
  expect((await api.ada.call('GET', `/v1/rules/${own.id}`)).status).toBe(200);
  await api.ada.call('DELETE', `/v1/subscriptions/${subscription.id}`);
  expect((await api.ada.call('DELETE', path)).status).toBe(200);
  expect((await api.ada.call('GET', `/v1/rules/${own.id}`)).body.code).toBe('rule.not-found');
});

test('of a rule, a subscription and the deletion of their form at the same moment, none is left that names what is gone', async () => {
  for (let n = 0; n < 5; n++) {
    const form = await make({});
    const event = { type: 'form.submitted', formId: form.id };
    const actions = [{ kind: 'assign-task', subject: 'Call', dueInDays: 1 }];
    const [rule, subscription, deleted] = await Promise.all([
      post('/v1/rules', { settings: { name: 'Rule', events: [event], actions } }),
      post('/v1/subscriptions', { settings: { event, url: 'https://example.com/hook' } }),
      api.ada.call('DELETE', `/v1/forms/${form.id}`),
    ]);
    const isKept = [rule, subscription].some(({ status }) => status === 201);
    expect([isKept, deleted.status]).toEqual([isKept, isKept ? 409 : 200]);
  }
});

test('settings that cannot work are refused, each mistake by its place', async () => {
  const refused = await post('/v1/forms', {
    settings: {
      name: 'x',
      objectTypeId: 17,
      fields: [
        { fieldId: 'nope' },
        { fieldId: 'contact_id' },
        { fieldId: 'price', isHidden: true },
        { fieldId: 'quantity', value: 'many' },
        { fieldId: 'quantity' },
        { fieldId: 'product_id', isHidden: true, value: 'rec_00000000000000000000000000' },
      ],
      tagIds: ['tag_00000000000000000000000000'],
      order: { productId: 'rec_00000000000000000000000000' },
    },
  });
  expect(problemOf(refused).problems.map(({ path }) => path)).toEqual([
    'settings.fields.0.fieldId',
    'settings.fields.1.isHidden',
    'settings.fields.2.value',
    'settings.fields.3.value',
    'settings.fields.4.fieldId',
    'settings.fields.5.value',
    'settings.matchBy',
    'settings.tagIds.0',
    'settings.objectTypeId',
    'settings.order.productId',
  ]);
  const shapes = { redirectUrl: 'javascript:alert(1)', allowedOrigins: ['https://example.com/page'] };
  const bad = await post('/v1/forms', { settings: { name: 'x', fields: [email], ...shapes } });
  expect(problemOf(bad).problems.map(({ path }) => path)).toEqual([
    'settings.redirectUrl',
    'settings.allowedOrigins.0',
  ]);
});

test('the HTML for other pages posts to the form, and no text of the settings becomes markup', async () => {
  const label = '"><script>alert(1)</script>';
  const form = await make({
    fields: [
      { ...email, label },
      { fieldId: 'city', isHidden: true, value: 'London' },
    ],
  });
  const { html } = (await api.ada.call('GET', `/v1/forms/${form.id}/embed`)).body;
  expect(html).toContain(`<form method="post" action="${form.url}"`);
  expect(html).toContain('&quot;&gt;&lt;script&gt;');
  expect(html).not.toMatch(/<script|London/);
});

test('a payment that was taken elsewhere is reported: a success is a purchase, a failure is not', async () => {
  const form = await make({ order: { productId } });
  const { body: record } = await post('/v1/records', {});
  const report = (body: object, id = form.id) => post(`/v1/forms/${id}/payments`, { recordId: record.id, ...body });
  const failed = await report({ outcome: 'failure', data: { reference: 'PAY-7' } });
  expect(failed.body).toEqual({ outcome: 'failure', purchase: null, transaction: null });
  const paid = await report({ outcome: 'success' });
  expect(paid.body).toMatchObject({
    purchase: { fields: { product_id: productId, total_price: 49 } },
    transaction: { fields: { total: 49, form_id: String(form.number) } },
  });
  expect(await factsOf(record.id)).toMatchObject([
    { type: 'record.created' },
    { type: 'form.submitted', formId: form.id, outcome: 'failure', data: { reference: 'PAY-7' } },
    { type: 'field.updated', fieldId: 'spent', after: 49 },
    { type: 'product.purchased', productId },
    { type: 'transaction.added' },
    { type: 'form.submitted', formId: form.id, outcome: 'success' },
  ]);
  expect((await report({ outcome: 'success' }, (await make({})).id)).body.code).toBe('form.without-order');
  expect((await report({ outcome: 'maybe' })).status).toBe(400);
});
