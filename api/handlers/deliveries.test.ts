import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { idAt, newId } from '../../lib/ids';
import type { StoredDelivery } from '../../schemas/delivery';
import { DELIVERIES } from '../../store/deliveries';
import { openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';
import { loggedAttempt, mapSource, storedDelivery } from '../../tests/servers/stored';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

async function insert(given: Partial<StoredDelivery> = {}): Promise<StoredDelivery> {
  const row = storedDelivery({ accountId: api.ada.account._id, ...given });
  await api.system.db.model(DELIVERIES).create([row]);
  return row;
}
const idsOf = async (query: string, caller = api.ada): Promise<string[]> => {
  const { status, body } = await caller.call('GET', `/v1/deliveries?${query}`);
  expect([query, status]).toEqual([query, 200]);
  return body.items.map(({ id }: { id: string }) => id);
};

test('the log is narrowed by several values, ranges of codes, host, time, attempts and text', async () => {
  const at = new Date('2020-05-05T10:00:00Z');
  const source = mapSource();
  const { _id, ...row } = await insert({
    source,
    _id: idAt('delivery', at),
    status: 'failed',
    class: 'transient',
    responseStatus: 503,
    host: 'crm.example.com',
    attempts: [loggedAttempt(0, 1), loggedAttempt(0, 2, { error: 'Busy [maybe]' })],
  });
  await insert({ status: 'delivered', class: 'success', responseStatus: 200 });
  const time = 'from=2020-05-05T12:00:00%2B02:00&to=2020-05-05T10:00:01Z';
  const queries = [
    'status=cancelled,failed',
    'class=transient,timeout',
    'responseStatus=5xx',
    'responseStatus=404,503',
    `type=map&webhookId=${row.webhookId}`,
    `recordId=${row.recordId}&entryId=${source.entryId}&mapId=${source.mapId}`,
    'host=CRM.example.com',
    time,
    'minAttempts=2',
    'text=busy%20[MAYBE]',
    `${time}&status=failed&minAttempts=2&text=busy&responseStatus=5xx&host=crm.example.com`,
  ];
  for (const query of queries) expect([query, await idsOf(query)]).toEqual([query, [_id]]);
  for (const query of ['status=cancelled', 'responseStatus=4xx', 'minAttempts=3', 'text=busy.', `${time}&class=dns`])
    expect([query, await idsOf(query)]).toEqual([query, []]);
});

test('an open delivery whose workflow Temporal does not know has no live state, nor has one that is over', async () => {
  for (const status of ['waiting-retry', 'delivered'] as const) {
    const { _id } = await insert({ status });
    expect((await api.ada.call('GET', `/v1/deliveries/${_id}`)).body).toMatchObject({ status, live: null });
  }
});

test.each([
  ['status=failed,nope', 'status', /"nope".*queued.*cancelled/],
  ['class=', 'class', /success/],
  ['responseStatus=6xx', 'responseStatus', /404.*5xx/],
  ['type=nope', 'type', /map/],
  ['host=https://example.com', 'host', /host alone/],
  ['host=example.com:443', 'host', /host alone/],
  ['from=yesterday', 'from', /2026-01-31T12:00:00Z/],
  ['from=1969-01-01T00:00:00Z', 'from', /1970/],
  ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'to', /later than "from"/],
  ['minAttempts=11', 'minAttempts', /at most 10/],
  ['text=', 'text', /at least 1/],
  [`text=${'x'.repeat(201)}`, 'text', /at most 200/],
  ['mapId=whk_1', 'mapId', /map_/],
])('?%s is refused with a sentence', async (query, path, sentence) => {
  const answer = await api.ada.call('GET', `/v1/deliveries?${query}`);
  expect(answer.status).toBe(400);
  expect(problemOf(answer).problems).toEqual([{ path, message: expect.stringMatching(sentence) }]);
});

test('without a key nothing is shown', async () => {
  for (const path of ['/v1/deliveries', `/v1/deliveries/${newId('delivery')}`])
    expect((await api.ada.call('GET', path, undefined, { headers: { 'api-key': 'another' } })).status).toBe(401);
});

test('a delivery that is not there is not found', async () => {
  expect((await api.ada.call('GET', `/v1/deliveries/${newId('delivery')}`)).status).toBe(404);
});

test('another account sees none of it, whatever it filters by', async () => {
  const { _id, host, ...row } = await insert({ host: 'own.example', attempts: [loggedAttempt(0, 1)] });
  for (const query of ['', `recordId=${row.recordId}`, `host=${host}`, 'text=example', 'status=queued,failed'])
    expect(await idsOf(query, api.bob)).toEqual([]);
  expect((await api.bob.call('GET', `/v1/deliveries/${_id}`)).status).toBe(404);
});
