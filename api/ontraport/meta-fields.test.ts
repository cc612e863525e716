import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RecordId } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { insertDelivery } from '../../store/deliveries';
import { type OntraportCaller, ontraportCaller } from '../../tests/servers/ontraport-caller';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';
import { storedDelivery } from '../../tests/servers/stored';

let api: TestApi;
let dataOf: OntraportCaller['dataOf'];
let tag: { id: string };
beforeAll(async () => {
  api = await openTestApi();
  ({ dataOf } = ontraportCaller(api.ada));
  await makeOneOfEach();
});
afterAll(() => api.close());

const post = async (path: string, body: unknown) => (await api.ada.call('POST', path, body)).body;

async function makeOneOfEach(): Promise<void> {
  const { db } = api.system;
  const { id: recordId } = await post('/v1/records', { fields: { firstname: 'Ada' }, tags: ['Customer'] });
  [tag] = await dataOf('GET', '/Tags');
  for (const path of ['/Deals', '/Companies']) await dataOf('POST', path, {});
  const { unique_id: productId } = await dataOf('POST', '/Products', { name: 'Tea', price: 5 });
  await post('/v1/purchases', { recordId, items: [{ productId }] });
  await post('/v1/tasks', { recordId, subject: 'Call' });
  await dataOf('POST', '/message', { name: 'Welcome', subject: 'Welcome', plaintext: 'Hello' });
  const [{ id: tagId }] = (await api.ada.call('GET', '/v1/tags')).body.items;
  await post('/v1/forms', { settings: { name: 'Newsletter', fields: [{ fieldId: 'email' }], tagIds: [tagId] } });
  await post('/v1/maps', { name: 'Welcome' });
  const strings = {
    events: `Contact_added_to_category(${tag.id})`,
    actions: `Remove_contact_from_category(${tag.id})`,
  };
  await dataOf('POST', '/Rules', { object_type_id: 0, ...strings });
  await dataOf('POST', '/Webhook/subscribe', { url: 'https://example.com/hook', event: 'object_create(0)' });
  const delivery = storedDelivery({ accountId: api.ada.account._id, recordId: recordId as RecordId });
  await transaction(db, (session) => insertDelivery(db, session, delivery));
}

test.each([
  ['Contact', 'Contacts'],
  ['Deal', 'Deals'],
  ['Company', 'Companies'],
  ['Product', 'Products'],
  ['Task', 'Tasks'],
  ['Purchase', 'Purchases'],
  ['Transaction', 'Transactions'],
  ['Tag', 'Tags'],
  ['Form', 'Forms'],
  ['Message', 'Messages'],
  ['Rule', 'Rules'],
  ['CampaignBuilderItem', 'CampaignBuilderItems'],
  ['Webhook', 'Webhooks'],
  ['WebhookLog', 'WebhookLogs'],
])('the meta endpoint of %s names just the fields that it has', async (one, several) => {
  const [listed] = await dataOf('GET', `/${several}`);
  const whole = await dataOf('GET', `/${one}?id=${listed.id}`);
  const [{ fields }] = Object.values(await dataOf('GET', `/${several}/meta`)) as [{ fields: object }];
  expect(Object.keys(fields).sort()).toEqual(Object.keys(whole).sort());
  expect(Object.keys(fields)).toEqual(expect.arrayContaining(Object.keys(listed)));
});

test('tag subscribers have the fields that their meta endpoint names', async () => {
  const [row] = await dataOf('GET', '/TagSubscribers');
  const { fields } = (await dataOf('GET', '/TagSubscribers/meta'))['138'];
  expect(Object.keys(fields)).toEqual(Object.keys(row));
});

test('a form tells of itself what is true, and leaves out what is not known', async () => {
  const [form] = await dataOf('GET', '/Forms');
  expect(form).toMatchObject({
    formname: 'Newsletter',
    tags: `*/*${tag.id}*/*`,
    sequences: '',
    owner: '1',
    captcha: '0',
    notif: '',
    responsive: '1',
    deleted: '0',
  });
  for (const unknown of ['type', 'campaigns', 'fillouts', 'visits', 'unique_visits', 'json_raw_object'])
    expect(form).not.toHaveProperty(unknown);
});

test('a product has a group and may be taxable', async () => {
  const made = await dataOf('POST', '/Products', 'name=Course&product_group=Courses&taxable=1&external_id=C-1');
  expect(made).toMatchObject({ name: 'Course', product_group: 'Courses', taxable: '1', external_id: 'C-1' });
});
