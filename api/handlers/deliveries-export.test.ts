import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StoredDelivery } from '../../schemas/delivery';
import { DELIVERIES } from '../../store/deliveries';
import { type ApiCaller, openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';
import { loggedAttempt, storedDelivery } from '../../tests/servers/stored';
import { until } from '../../tests/servers/until';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

async function insert(rows: Partial<StoredDelivery>[], caller: ApiCaller = api.ada): Promise<StoredDelivery[]> {
  const stored = rows.map((row) => storedDelivery({ accountId: caller.account._id, ...row }));
  await api.system.db.model(DELIVERIES).insertMany(stored);
  return stored;
}
const exported = (query: string, caller = api.ada) => caller.call('GET', `/v1/deliveries/export?${query}`);

test('csv has the columns of the log, quoted, and nothing that a spreadsheet would run', async () => {
  const source = { type: 'test', name: '=HYPERLINK("https://evil.example")' } as const;
  const request = { method: 'POST', url: 'https://crm.example/x', headers: {}, body: '{"a":1}' };
  const response = { headers: {}, body: '@cmd, "quoted"\r\nsecond line', isTruncated: false };
  const [row] = (await insert([
    {
      source,
      status: 'failed',
      class: 'rejected',
      responseStatus: 400,
      attempts: [loggedAttempt(0, 1), loggedAttempt(0, 2, { request, response })],
    },
  ])) as [StoredDelivery];
  const answer = await exported(`webhookId=${row.webhookId}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  expect(answer.headers.get('content-disposition')).toMatch(
    /^attachment; filename="webhook-log-\d{4}-\d\d-\d\d\.csv"$/,
  );
  const line = [
    '"POST https://crm.example/x\n{""a"":1}"',
    '400',
    row.createdAt.toISOString(),
    `"'@cmd, ""quoted""\r\nsecond line"`,
    'Contact',
    row.recordId,
    'test',
    `"'=HYPERLINK(""https://evil.example"")"`,
    row.webhookId,
    row._id,
    '2',
    'rejected',
    'failed',
  ].join(',');
  expect(answer.text).toBe(
    `Request,Response Code,Date,Response Data,Object,Record ID,Type,Name,Webhook ID,Delivery ID,Attempts,Class,Status\r\n${line}\r\n`,
  );
});

test('ndjson has every row of the filter once, newest first, over many parts', async () => {
  const rows = await insert(Array.from({ length: 450 }, (_, n) => ({ host: n % 3 === 0 ? 'a.example' : 'b.example' })));
  const answer = await exported('format=ndjson&host=b.example&text=');
  expect(answer.status).toBe(400);
  const { text, headers } = await exported('format=ndjson&host=b.example');
  expect(headers.get('content-type')).toBe('application/x-ndjson');
  const ids = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).id);
  const expected = rows.filter(({ host }) => host === 'b.example').map(({ _id }) => _id);
  expect(ids).toEqual(expected.reverse());
  const { body: shown } = await api.ada.call('GET', `/v1/deliveries/${ids[0]}`);
  expect({ ...JSON.parse(text.split('\n')[0] ?? ''), live: null }).toEqual(shown);
});

test('an unknown format or filter is refused', async () => {
  const answer = await exported('format=xlsx&state=failed');
  expect(answer.status).toBe(400);
  expect(problemOf(answer).problems.map(({ path }) => path)).toEqual(['format', 'state']);
});

test('without a key nothing is exported', async () => {
  const headers = { 'api-key': 'another' };
  expect((await api.ada.call('GET', '/v1/deliveries/export', undefined, { headers })).status).toBe(401);
});

test('another account exports none of it', async () => {
  const [row] = (await insert([{ attempts: [loggedAttempt(0, 1)] }])) as [StoredDelivery];
  const answer = await exported(`format=ndjson&recordId=${row.recordId}`, api.bob);
  expect([answer.status, answer.text]).toEqual([200, '']);
});

test('an export waits for a reader that stalls, and ends when the reader goes', async () => {
  const { db } = api.system;
  const body = 'x'.repeat(16_384);
  const large = [loggedAttempt(0, 1, { response: { headers: {}, body, isTruncated: false } })];
  for (let n = 0; n < 6; n++)
    await insert(
      Array.from({ length: 1000 }, () => ({ host: 'large.example', attempts: large })),
      api.bob,
    );
  const connection = db.connection.db;
  await connection?.command({ profile: 2 });
  const reads = () =>
    connection
      ?.collection('system.profile')
      .countDocuments({ ns: /\.deliveries$/, 'command.filter.host': 'large.example' });

  const { apiKey, account } = api.bob;
  const headers = { 'api-key': apiKey, 'api-appid': account.appId };
  const answer = await new Promise<IncomingMessage>((resolve) => {
    get(`${api.url}/v1/deliveries/export?format=ndjson&host=large.example`, { headers }, resolve);
  });
  let last = -1;
  let same = 0;
  await until('the reads to stand still', async () => {
    const count = (await reads()) ?? 0;
    same = count > 0 && count === last ? same + 1 : 0;
    last = count;
    return same === 20;
  });
  // 60 parts in all: what fills the buffers on the way is read, and no more.
  expect(last).toBeLessThan(30);

  answer.destroy();
  await expect(until('another read', async () => ((await reads()) ?? 0) > last + 1, 1500)).rejects.toThrow('waited');
  await connection?.command({ profile: 0 });
});
