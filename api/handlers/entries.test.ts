import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openReceiver, type Receiver } from '../../tests/servers/open-receiver';
import { openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';
import { until } from '../../tests/servers/until';

let api: TestApi;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  api = await openTestApi({ isWorking: true });
});
afterAll(async () => {
  await api.close();
  await receiver.close();
});

const post = (path: string, body?: unknown) => api.ada.call('POST', path, body);
const get = (path: string) => api.ada.call('GET', path);

const drawing = (reentry: string, middle: object) => ({
  settings: { reentry },
  elements: [
    { id: 'by-tag', kind: 'trigger', settings: { events: [{ type: 'record.created' }], condition: NEVER } },
    { id: 'by-hand', kind: 'trigger', settings: { events: [{ type: 'manual' }] } },
    { id: 'middle', title: 'Middle', ...middle },
    { id: 'done', kind: 'end' },
  ],
  edges: [
    { from: 'by-tag', port: 'next', to: 'middle' },
    { from: 'by-hand', port: 'next', to: 'middle' },
    { from: 'middle', port: 'next', to: 'done' },
  ],
});
const NEVER = { kind: 'field', fieldId: 'email', op: 'equals', value: 'nobody@example.com' };
const LONG_WAIT = { kind: 'wait', settings: { kind: 'duration', seconds: 86_400 } };

const publish = async (draft: unknown): Promise<string> => {
  const { body } = await post('/v1/maps', { name: 'Map', draft });
  expect((await post(`/v1/maps/${body.id}/publish`, {})).status).toBe(200);
  return body.id;
};
const makeRecord = async (): Promise<string> => (await post('/v1/records', { fields: { firstname: 'Ada' } })).body.id;

test('a record enters by the trigger for those added by hand, and the running workflow tells where it is', async () => {
  const [mapId, recordId] = [await publish(drawing('once', LONG_WAIT)), await makeRecord()];
  const { status, body: entry } = await post('/v1/entries', { mapId, recordId });
  expect(status).toBe(201);
  expect(entry).toMatchObject({ mapId, recordId, status: 'active', triggerElementId: 'by-hand', versionNumber: 1 });

  const shown = await until('the wait', async () => {
    const { body } = await get(`/v1/entries/${entry.id}`);
    return body.live?.waitingFor ? body : undefined;
  });
  expect(shown.live).toMatchObject({ workflowStatus: 'RUNNING', waitingFor: expect.stringContaining('Middle') });
  expect(shown.positions).toMatchObject([{ elementId: 'middle', status: 'waiting', stop: { kind: 'wait' } }]);
  expect(shown.timeline).toMatchObject([{ elementId: 'by-hand', port: 'next' }]);
  expect((await get(`/v1/entries?mapId=${mapId}&status=active`)).body.items).toEqual([entry]);

  const again = await post('/v1/entries', { mapId, recordId });
  expect([again.status, problemOf(again).code]).toEqual([409, 'entry.refused']);

  const left = await post(`/v1/entries/${entry.id}/exit`);
  expect([left.status, left.body.status, left.body.endReason]).toEqual([200, 'ended', 'exited']);
  const gone = await post(`/v1/entries/${entry.id}/exit`);
  expect([gone.status, problemOf(gone).code]).toEqual([409, 'entry.ended']);
  expect((await get(`/v1/entries?recordId=${recordId}&status=ended`)).body.items).toHaveLength(1);
});

test('a webhook on the way is in the log, found by each of its filters', async () => {
  const settings = { name: 'CRM', url: `${receiver.url}/crm`, body: '{"name":"[First Name]"}' };
  const { body: webhook } = await post('/v1/webhooks', { settings });
  const middle = { kind: 'webhook', settings: { webhookId: webhook.id } };
  const [mapId, recordId] = [await publish(drawing('always', middle)), await makeRecord()];
  const { body: entry } = await post('/v1/entries', { mapId, recordId });
  const ended = await until('the end', async () => {
    const { body } = await get(`/v1/entries/${entry.id}`);
    return body.status === 'ended' ? body : undefined;
  });
  expect(ended.timeline.map(({ elementId }: { elementId: string }) => elementId)).toEqual([
    'by-hand',
    'middle',
    'done',
  ]);

  const { body: log } = await get(`/v1/deliveries?entryId=${entry.id}`);
  const [delivery] = log.items;
  expect(delivery).toMatchObject({ webhookId: webhook.id, status: 'delivered', responseStatus: 200, class: 'success' });
  expect(delivery.lastAttempt.request.body).toBe('{"name":"Ada"}');
  const filters = [
    `webhookId=${webhook.id}`,
    `recordId=${recordId}`,
    `mapId=${mapId}`,
    'status=delivered',
    'class=success',
    'responseStatus=200',
  ];
  for (const filter of [...filters, filters.join('&')])
    expect([filter, (await get(`/v1/deliveries?${filter}`)).body.items]).toEqual([filter, [delivery]]);
  expect((await get('/v1/deliveries?status=failed')).body.items).toEqual([]);
  const { attemptCount, lastAttempt, ...row } = delivery;
  expect((await get(`/v1/deliveries/${delivery.id}`)).body).toEqual({ ...row, attempts: [lastAttempt], live: null });
  expect(attemptCount).toBe(1);
  expect((await post('/v1/entries', { mapId, recordId })).status).toBe(201);
});

test('a map without a version and a record of another object type are refused', async () => {
  const recordId = await makeRecord();
  const { body: draft } = await post('/v1/maps', { name: 'Draft' });
  const early = await post('/v1/entries', { mapId: draft.id, recordId });
  expect([early.status, problemOf(early).code]).toEqual([409, 'map.not-published']);
  const mapId = await publish(drawing('once', LONG_WAIT));
  const { body: deal } = await post('/v1/records', { objectTypeId: 149 });
  const other = await post('/v1/entries', { mapId, recordId: deal.id });
  expect([other.status, problemOf(other).problems[0]?.path]).toEqual([400, 'recordId']);
  const none = 'rec_00000000000000000000000000';
  expect((await post('/v1/entries', { mapId, recordId: none })).status).toBe(404);
});

test('of 20 requests at once one lets the record in', async () => {
  const [mapId, recordId] = [await publish(drawing('once', LONG_WAIT)), await makeRecord()];
  const answers = await Promise.all(Array.from({ length: 20 }, () => post('/v1/entries', { mapId, recordId })));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
  expect((await get(`/v1/entries?recordId=${recordId}`)).body.items).toHaveLength(1);
});

test('with pump and workers at work the account is healthy', async () => {
  const health = await until('health', async () => {
    const { body } = await get('/v1/health');
    return body.status === 'ok' && body.events.pending === 0 ? body : undefined;
  });
  expect(health.temporal.queues).toHaveLength(4);
  expect(health.events.parked).toBe(0);
  expect(health.deliveries.overdue).toBe(0);
});
