import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { triggerToEnd } from '../../tests/servers/draw';
import { type OntraportCaller, ontraportCaller } from '../../tests/servers/ontraport-caller';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
let send: OntraportCaller['send'];
let dataOf: OntraportCaller['dataOf'];
beforeAll(async () => {
  api = await openTestApi();
  ({ send, dataOf } = ontraportCaller(api.ada));
});
afterAll(() => api.close());

const AT = '1767225600';
const REC = 'rec_0';
/** An answer as it came, but for instants and long ids, which differ each time. */
const bytesOf = async (method: string, path: string, body?: string | object): Promise<string> =>
  (await send(method, path, body)).text.replace(/"\d{10}"/g, `"${AT}"`).replace(/rec_[0-9a-z]{26}/g, REC);
/** The bytes of a success; names stand in the order in which they are written here. */
const success = (data: unknown, count?: number): string =>
  JSON.stringify({ code: 0, data, account_id: api.ada.account.number, ...(count === undefined ? {} : { count }) });
const meta = (alias: string, type: string, editable = '0') => ({
  alias,
  type,
  required: '0',
  unique: '0',
  editable,
  deletable: '0',
});
const info = (listFields: string[], count: string) => ({ listFields, listFieldSettings: [], count });

test('tags, byte by byte', async () => {
  const tag = (tag_name: string) => ({ id: '1', tag_id: '1', tag_name, object_type_id: '0' });
  expect(await bytesOf('POST', '/Tags', 'tag_name=Customer')).toBe(success(tag('Customer')));
  expect(await bytesOf('PUT', '/Tags', 'id=1&tag_name=Client')).toBe(
    success({ attrs: { tag_name: 'Client', id: '1' } }),
  );
  expect(await bytesOf('GET', '/Tag?id=1')).toBe(success(tag('Client')));
  expect(await bytesOf('GET', '/Tags?count=1&range=1')).toBe(success([tag('Client')], 1));
  expect(await bytesOf('GET', '/Tags/getInfo')).toBe(success(info(['tag_name'], '1')));
  const fields = {
    id: meta('ID', 'numeric'),
    tag_id: meta('ID', 'numeric'),
    tag_name: meta('Name', 'text', '1'),
    object_type_id: meta('Object Type', 'numeric'),
  };
  expect(await bytesOf('GET', '/Tags/meta')).toBe(success({ '14': { name: 'Tag', fields } }));
  const byName = { Tag: { name: 'Tag', object_type_id: '14', fields } };
  expect(await bytesOf('GET', '/Tags/meta?format=byName')).toBe(success(byName));
});

test('a tag with a new name is the same tag, and two have never one name', async () => {
  await dataOf('POST', '/Tags', { tag_name: 'Lead' });
  const contact = await dataOf('POST', '/Contacts', {});
  await dataOf('PUT', '/objects/tagByName', { ids: [contact.id], add_names: ['Lead'] });
  const [{ id }] = await dataOf('GET', '/Tags?search=Lead');
  await dataOf('PUT', '/Tags', { id, tag_name: 'Prospect' });
  expect(await dataOf('GET', '/objects/tag?objectID=0&tag_name=Prospect&listFields=id')).toEqual([{ id: contact.id }]);
  const taken = await send('PUT', '/Tags', { id, tag_name: 'client' });
  expect([taken.status, taken.body.data]).toEqual([422, expect.stringMatching(/exists already/)]);
  expect((await send('PUT', '/Tags', { id: 4711, tag_name: 'x' })).status).toBe(404);
});

test('products by saveorupdate: a new one whole, a known one by what differs, byte by byte', async () => {
  const made = await send('POST', '/Products/saveorupdate', { name: 'Tea', price: '5' });
  const { id, unique_id } = made.body.data;
  const shown = (price: string) => ({
    id,
    unique_id: REC,
    owner: '1',
    name: 'Tea',
    price,
    description: '',
    external_id: '',
    product_group: '',
    taxable: '',
    contact_cat: '',
    date: AT,
    dlm: AT,
  });
  const exact = (text: string) => text.replace(/"\d{10}"/g, `"${AT}"`).replaceAll(unique_id, REC);
  expect(exact(made.text)).toBe(success(shown('5')));
  const attrs = { price: '6', dlm: AT, id };
  expect(await bytesOf('POST', '/Products/saveorupdate', `id=${id}&price=6`)).toBe(success({ attrs }));
  expect(await bytesOf('GET', `/Product?id=${id}`)).toBe(success(shown('6')));
  expect(await bytesOf('POST', '/Products/saveorupdate', { unique_id, price: 6 })).toBe(
    success({ attrs: { dlm: AT, id } }),
  );
  expect(await bytesOf('DELETE', `/Product?id=${id}`)).toBe(success({ id }));
  expect((await send('POST', '/Products/saveorupdate', `id=${id}&price=7`)).status).toBe(404);
});

test('subscriptions, byte by byte', async () => {
  const given = { url: 'https://example.com/hook', event: 'object_create(0)', data: '{"format":"notify"}' };
  const { event, data, url } = given;
  const webhook = { id: '1', event, data, url, last_hook: '', last_code: '', last_payload: '' };
  expect(await bytesOf('POST', '/Webhook/subscribe', given)).toBe(success(webhook));
  expect(await bytesOf('GET', '/Webhook?id=1')).toBe(success(webhook));
  expect(await bytesOf('GET', '/Webhooks')).toBe(success([webhook]));
  expect(await bytesOf('GET', '/Webhooks/getInfo')).toBe(
    success(info(['event', 'url', 'last_hook', 'last_code'], '1')),
  );
  expect(await bytesOf('DELETE', '/Webhook/unsubscribe', { id: 1 })).toBe(success({ id: '1' }));
  expect(await bytesOf('GET', '/Webhooks?count=true')).toBe(success([], 0));
});

test('messages, tasks and sales, byte by byte', async () => {
  const message = {
    id: '1',
    name: 'Welcome',
    type: 'email',
    object_type_id: '0',
    subject: 'Hello',
    message_body: '',
    plaintext: 'Dear [First Name]',
    date: AT,
    dlm: AT,
  };
  const { name, subject, plaintext } = message;
  expect(await bytesOf('POST', '/message', { name, subject, plaintext })).toBe(success(message));
  expect(await bytesOf('GET', '/Messages')).toBe(success([message]));
  const contact = await dataOf('POST', '/Contacts', { firstname: 'Ada' });
  const product = await dataOf('POST', '/Products', { name: 'Tea', price: 5 });
  const assigned = { object_type_id: 0, ids: [contact.id], message: { subject: 'Call' } };
  const { ids } = await dataOf('POST', '/task/assign', assigned);
  expect(ids).toEqual([expect.stringMatching(/^\d+$/)]);
  expect(await bytesOf('POST', '/task/complete', { object_type_id: 0, ids, data: {} })).toBe(success({ ids }));
  expect(await bytesOf('POST', '/task/reopen', { ids })).toBe(success({ ids }));
  expect(await bytesOf('POST', '/task/cancel', { objectID: 1, ids })).toBe(success({ ids }));
  const sale = { contact_id: contact.id, chargeNow: 'chargeLog', offer: { products: [{ id: product.id }] } };
  const sold = await bytesOf('POST', '/transaction/processManual', { ...sale, external_order_id: 'A-7' });
  const [{ id: invoice_id }] = await dataOf('GET', '/Transactions?sortDir=desc&range=1');
  expect(sold).toBe(
    success({ result_code: '1', message: 'The sale is recorded.', invoice_id, external_order_id: 'A-7' }),
  );
  expect(await bytesOf('PUT', '/transaction/void', { objectID: 46, ids: [invoice_id] })).toBe(
    success({ ids: [invoice_id] }),
  );
});

test('maps: rows, count and fields, byte by byte; records are put on one and taken off it', async () => {
  const draft = triggerToEnd({ type: 'manual' });
  const { body: map } = await api.ada.call('POST', '/v1/maps', { name: 'Welcome', draft });
  await api.ada.call('POST', `/v1/maps/${map.id}/publish`, {});
  const row = { id: '1', name: 'Welcome', object_type_id: '0', pause: '0', deleted: '0', date: AT, dlm: AT };
  expect(await bytesOf('GET', '/CampaignBuilderItems')).toBe(success([row]));
  expect(await bytesOf('GET', '/CampaignBuilderItems/getInfo')).toBe(
    success(info(['name', 'object_type_id', 'pause'], '1')),
  );
  const { '140': described } = await dataOf('GET', '/CampaignBuilderItems/meta');
  expect(described.name).toBe('CampaignBuilderItem');
  expect(described.fields).toMatchObject({
    id: meta('id', 'text'),
    name: meta('name', 'text'),
    pause: meta('pause', 'text'),
  });
  expect(Object.keys(await dataOf('GET', '/CampaignBuilderItems/meta?format=byName'))).toEqual(['CampaignBuilderItem']);
  const { id } = await dataOf('POST', '/Contacts', {});
  const on = { objectID: 0, ids: [id], add_list: '1', sub_type: 'Campaign' };
  expect(await bytesOf('PUT', '/objects/subscribe', on)).toBe(success({ added: '1', refused: '0' }));
  expect(await bytesOf('DELETE', `/objects/subscribe?ids=${id}&remove_list=1`)).toBe(success({ removed: '1' }));
});

test('what is refused is told byte by byte, too', async () => {
  const refusal = (code: number, data: string): string =>
    JSON.stringify({ code, data, account_id: api.ada.account.number });
  expect(await bytesOf('GET', '/Tag?id=4711')).toBe(refusal(404, 'No tag with this id exists in the account.'));
  expect(await bytesOf('POST', '/Contacts', 'favorite=x')).toBe(refusal(422, 'favorite: is no field of Contacts'));
  expect(await bytesOf('GET', '/Tags?range=251')).toBe(refusal(400, 'range: must be at most 250'));
});
