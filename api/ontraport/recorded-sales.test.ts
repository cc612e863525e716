import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type OntraportCaller, ontraportCaller } from '../../tests/servers/ontraport-caller';
import { openTestApi, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
let dataOf: OntraportCaller['dataOf'];
beforeAll(async () => {
  api = await openTestApi();
  ({ dataOf } = ontraportCaller(api.ada));
});
afterAll(() => api.close());

const post = async (path: string, body: unknown) => (await api.ada.call('POST', path, body)).body;

test('PHP SDK: purchases, transactions and forms are listed, and tasks are completed and cancelled', async () => {
  const { id: recordId } = await post('/v1/records', { fields: { firstname: 'Ada', email: 'ada@example.com' } });
  const { id: productId } = await post('/v1/records', { objectTypeId: 16, fields: { name: 'Tea', price: 5 } });
  await post('/v1/purchases', { recordId, items: [{ productId, quantity: 2 }] });
  expect(await dataOf('GET', '/Purchases')).toMatchObject([{ name: 'Tea', quantity: '2', total_price: '10' }]);
  const [{ id }] = await dataOf('GET', '/Transactions?range=50');
  expect(await dataOf('GET', `/Transaction?id=${id}`)).toMatchObject({ id, total: '10', status: expect.any(String) });
  expect(await dataOf('GET', '/Purchases/getInfo')).toMatchObject({ count: '1' });

  const settings = { name: 'Newsletter', fields: [{ fieldId: 'email' }], redirectUrl: 'https://example.com/thanks' };
  const { number } = await post('/v1/forms', { settings });
  expect(await dataOf('GET', `/Form?id=${number}`)).toMatchObject({
    id: String(number),
    formname: 'Newsletter',
    redirect: 'https://example.com/thanks',
  });

  const [call, write] = [
    await post('/v1/tasks', { recordId, subject: 'Call' }),
    await post('/v1/tasks', { recordId, subject: 'Write' }),
  ];
  const tasks = await dataOf('GET', '/Tasks');
  const numberOf = (subject: string) => tasks.find((task: { subject: string }) => task.subject === subject).id;
  await dataOf('POST', '/task/complete', { object_type_id: 0, ids: [numberOf('Call')], data: { outcome: 'Reached' } });
  await dataOf('POST', '/task/cancel', `objectID=1&ids=${numberOf('Write')}`);
  const statusOf = async (taskId: string) => (await api.ada.call('GET', `/v1/records/${taskId}`)).body.fields.status;
  expect([await statusOf(call.id), await statusOf(write.id)]).toEqual(['completed', 'cancelled']);
});
