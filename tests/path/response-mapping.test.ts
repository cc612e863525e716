import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MapDrawing } from '../../schemas/automation-map';
import type { RecordId, TagId, WebhookId } from '../../schemas/ids';
import { findDelivery } from '../../store/deliveries';
import { listEntries } from '../../store/entries';
import { EVENTS } from '../../store/events';
import { findPositionsOf } from '../../store/positions';
import { findRecord } from '../../store/records';
import { makeMap, makeRecord, makeTags, makeWebhook } from '../servers/make';
import { openReceiver, type Receiver } from '../servers/open-receiver';
import { openSystem, type TestSystem } from '../servers/open-system';
import { until } from '../servers/until';

let system: TestSystem;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  system = await openSystem();
});
afterAll(async () => {
  await system.close();
  await receiver.close();
});

/** trigger → first webhook → second webhook → end */
const twoWebhooks = (tagId: TagId, first: WebhookId, second: WebhookId): MapDrawing => ({
  settings: { reentry: 'once' },
  elements: [
    { id: 'start', kind: 'trigger', title: '', settings: { events: [{ type: 'tag.added', tagId }] } },
    { id: 'one', kind: 'webhook', title: '', settings: { webhookId: first, onFailure: 'continue' } },
    { id: 'two', kind: 'webhook', title: '', settings: { webhookId: second, onFailure: 'continue' } },
    { id: 'end', kind: 'end', title: '', settings: {} },
  ],
  edges: [
    { from: 'start', port: 'next', to: 'one' },
    { from: 'one', port: 'next', to: 'two' },
    { from: 'two', port: 'next', to: 'end' },
  ],
});

async function run(tag: string, answer: { status: number; body: string }) {
  const [tagId] = (await makeTags(system, tag)) as [TagId];
  receiver.answer = ({ path }) => (path === '/one' ? answer : { status: 200 });
  const first = await makeWebhook(system, {
    url: `${receiver.url}/one`,
    schedule: { preset: 'none' },
    responseMapping: [
      { path: '$.contact.city', target: { kind: 'field', fieldId: 'city' } },
      { path: '$.contact.spent', target: { kind: 'field', fieldId: 'spent' }, default: 1 },
      { path: '$.order.id', target: { kind: 'variable', name: 'order_id' } },
    ],
  });
  const body = 'city=[City]&spent=[Spent]&order=[Entry//order_id|none]';
  const second = await makeWebhook(system, { url: `${receiver.url}/two`, body });
  await makeMap(system, twoWebhooks(tagId, first, second));
  const record = await makeRecord(system, { city: 'Paris' }, [tagId]);
  const at = (path: string) => () =>
    receiver.arrivals.find(
      (arrival) => arrival.path === path && arrival.body.includes(path === '/two' ? 'order=' : ''),
    );
  const arrival = await until('the second webhook', at('/two'));
  const ofFirst = await until('the first webhook', at('/one'));
  receiver.arrivals.length = 0;
  return { record, sent: arrival.body, delivery: await findDelivery(system.db, ofFirst.deliveryId as never) };
}
const cityEvents = (recordId: RecordId) =>
  system.db
    .model(EVENTS)
    .find({ recordId, 'fact.type': 'field.updated', 'fact.fieldId': 'city' } as object)
    .lean();

test('an answer changes the record before the walk goes on, with its facts, and gives the entry its variables', async () => {
  const answer = { contact: { city: 'Łódź', spent: 'much' }, order: { id: 12 } };
  const { record, sent, delivery } = await run('mapped', { status: 201, body: JSON.stringify(answer) });
  expect(new URLSearchParams(sent).toString()).toBe(
    new URLSearchParams({ city: 'Łódź', spent: '1', order: '12' }).toString(),
  );
  const accountId = system.account.account._id;
  expect((await findRecord(system.db, { accountId, recordId: record._id }))?.fields).toMatchObject({
    city: 'Łódź',
    spent: 1,
  });
  expect(delivery?.attempts.at(-1)?.mapped).toEqual({
    fields: { city: 'Łódź', spent: 1 },
    variables: { order_id: 12 },
    problems: ['$.contact.spent must be a number'],
  });
  expect(await cityEvents(record._id)).toHaveLength(1);
  const { items } = await listEntries(
    system.db,
    { accountId, mapId: undefined, recordId: record._id, status: undefined },
    { limit: 1 },
  );
  const [position] = await findPositionsOf(system.db, items[0]?._id as never);
  expect(position?.variables).toEqual({ order_id: 12 });
});

test('an answer that is no success changes nothing', async () => {
  const { sent, delivery } = await run('refused', { status: 400, body: '{"contact":{"city":"Rome"}}' });
  expect(sent).toBe('city=Paris&spent=&order=none');
  expect(delivery?.attempts.at(-1)?.mapped).toBeNull();
});

test('an answer that is no JSON gives the defaults only', async () => {
  const { sent, delivery } = await run('text', { status: 200, body: 'thanks' });
  expect(sent).toBe('city=Paris&spent=1&order=none');
  expect(delivery?.attempts.at(-1)?.mapped?.problems).toEqual(['The answer is not JSON']);
});

test.each([
  [12, ['Big']],
  [3, ['Small']],
])('a condition element decides by what the webhook before it was answered: order of %d', async (amount, expected) => {
  const [start, big, small] = (await makeTags(system, `ordered ${amount}`, 'Big', 'Small')) as [TagId, TagId, TagId];
  receiver.answer = () => ({ status: 200, body: JSON.stringify({ order: { amount } }) });
  const webhookId = await makeWebhook(system, {
    url: `${receiver.url}/order`,
    responseMapping: [{ path: '$.order.amount', target: { kind: 'variable', name: 'amount' } }],
  });
  const isBig = { kind: 'variable' as const, name: 'amount', op: 'at-least' as const, value: 10 };
  const add = (tagId: TagId) => ({
    title: '',
    kind: 'change-tags' as const,
    settings: { add: [tagId], remove: [start] },
  });
  await makeMap(system, {
    settings: { reentry: 'once' },
    elements: [
      { id: 'start', kind: 'trigger', title: '', settings: { events: [{ type: 'tag.added', tagId: start }] } },
      { id: 'send', kind: 'webhook', title: '', settings: { webhookId, onFailure: 'continue' } },
      { id: 'decide', kind: 'condition', title: '', settings: { condition: isBig } },
      { id: 'big', ...add(big) },
      { id: 'small', ...add(small) },
    ],
    edges: [
      { from: 'start', port: 'next', to: 'send' },
      { from: 'send', port: 'next', to: 'decide' },
      { from: 'decide', port: 'yes', to: 'big' },
      { from: 'decide', port: 'no', to: 'small' },
    ],
  });
  const { _id: recordId, accountId } = await makeRecord(system, {}, [start]);
  const tagIds = await until('the branch', async () => {
    const record = await findRecord(system.db, { accountId, recordId });
    return record?.tagIds.includes(start) ? null : record?.tagIds;
  });
  expect(tagIds.map((tagId) => (tagId === big ? 'Big' : 'Small'))).toEqual(expected);
});
