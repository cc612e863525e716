import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestApi, problemOf, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const get = async (caller = api.ada) => (await caller.call('GET', '/v1/account')).body;
const patch = (body: unknown, headers = {}) => api.ada.call('PATCH', '/v1/account', body, { headers });
const retain = (retention: unknown) => patch({ settings: { retention } });

test('the account shows its settings, and changes those that are given', async () => {
  const before = await get();
  expect(before).toMatchObject({
    id: api.ada.account._id,
    appId: api.ada.account.appId,
    settings: { allowHttp: true, retention: { bodyDays: 30, rowDays: 90 } },
  });
  const { status, body } = await retain({ bodyDays: 7 });
  expect([status, body.settings.retention]).toEqual([200, { bodyDays: 7, rowDays: 90 }]);
  expect((await patch({ name: 'Renamed' })).body).toEqual({ ...body, name: 'Renamed' });
  expect(await get()).toEqual({ ...body, name: 'Renamed' });
});

test.each([
  [{ bodyDays: 0 }, 'settings.retention.bodyDays', /at least 1/],
  [{ rowDays: 3651 }, 'settings.retention.rowDays', /at most 3650/],
  [{ bodyDays: 91, rowDays: 90 }, 'settings.retention.bodyDays', /at most rowDays, which is 90/],
  [{ days: 1 }, 'settings.retention.days', /not known/],
])('a retention of %j is refused with a sentence', async (retention, path, sentence) => {
  const before = await get();
  const answer = await retain(retention);
  expect(answer.status).toBe(400);
  expect(problemOf(answer).problems).toEqual([{ path, message: expect.stringMatching(sentence) }]);
  expect(await get()).toEqual(before);
});

test('the zone and hour of dates and the settle delay stand in the account, and change one by one', async () => {
  expect((await get()).settings).toMatchObject({ timezone: 'UTC', dateHour: 9, settleSeconds: 0 });
  const { body } = await patch({ settings: { timezone: 'asia/kathmandu', dateHour: 0, settleSeconds: 5 } });
  expect(body.settings).toMatchObject({ timezone: 'Asia/Kathmandu', dateHour: 0, settleSeconds: 5 });
  await patch({ settings: { dateHour: 23, settleSeconds: 0 } });
  expect((await get()).settings).toEqual({ ...body.settings, dateHour: 23, settleSeconds: 0 });
});

test.each([
  [{ timezone: 'Nowhere/City' }, 'settings.timezone', /no time zone.*America\/New_York/],
  [{ timezone: '+05:45' }, 'settings.timezone', /IANA name/],
  [{ dateHour: 24 }, 'settings.dateHour', /at most 23/],
  [{ settleSeconds: 61 }, 'settings.settleSeconds', /at most 60/],
])('settings %j are refused with a sentence', async (settings, path, sentence) => {
  const answer = await patch({ settings });
  expect(answer.status).toBe(400);
  expect(problemOf(answer).problems).toEqual([{ path, message: expect.stringMatching(sentence) }]);
});

test('settings that only the installation sets are refused', async () => {
  expect((await patch({ settings: { allowHttp: false } })).status).toBe(400);
});

test('without a key nothing is shown or changed', async () => {
  const headers = { 'api-key': 'another' };
  expect((await api.ada.call('GET', '/v1/account', undefined, { headers })).status).toBe(401);
  expect((await patch({ name: 'x' }, headers)).status).toBe(401);
});

test('another account keeps its own', async () => {
  const before = await get(api.bob);
  await retain({ bodyDays: 1, rowDays: 2 });
  expect(await get(api.bob)).toEqual(before);
});
