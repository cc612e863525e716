import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../lib/ids';
import { FEATURES_DEFAULT, type Retention } from '../schemas/account';
import { FINAL_STATUSES, type StoredDelivery } from '../schemas/delivery';
import { saveAccountEdit } from '../store/accounts';
import { bootstrapAccount } from '../store/bootstrap-account';
import { transaction } from '../store/database';
import { DELIVERIES, findDelivery } from '../store/deliveries';
import { PEPPER } from '../tests/servers/open-system';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { loggedAttempt, storedDelivery } from '../tests/servers/stored';
import { until } from '../tests/servers/until';
import { sweepLog } from './retention';

const DAY_MS = 24 * 3600 * 1000;
const NOW = new Date();
const ago = (days: number) => new Date(NOW.getTime() - days * DAY_MS);

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await lookEverySeconds(1);
});
afterAll(async () => {
  await lookEverySeconds(60);
  await database.close();
});

/** How often MongoDB looks for rows whose time has come; the last wait, of up to a minute, is still as long as it was. */
const lookEverySeconds = (ttlMonitorSleepSecs: number) =>
  database.db.connection.db?.admin().command({ setParameter: 1, ttlMonitorSleepSecs });

async function makeAccount(retention?: Retention) {
  const { account } = await bootstrapAccount(database.db, { name: 'Test', pepper: PEPPER, allowHttp: true });
  if (retention) await setRetention(account._id, retention);
  return account._id;
}
const setRetention = (accountId: StoredDelivery['accountId'], retention: Retention) =>
  transaction(database.db, (session) =>
    saveAccountEdit(database.db, session, { accountId, name: 'Test', retention, features: FEATURES_DEFAULT }),
  );
async function insert(given: Partial<StoredDelivery>): Promise<StoredDelivery['_id']> {
  const row = storedDelivery({
    attempts: [
      loggedAttempt(0, 1, { mapped: { fields: { spent: 5 }, variables: {}, problems: [] } }),
      loggedAttempt(0, 2, { request: null, response: null }),
    ],
    ...given,
  });
  await database.db.model(DELIVERIES).create([row]);
  return row._id;
}
async function read(id: StoredDelivery['_id']): Promise<StoredDelivery> {
  const row = await findDelivery(database.db, id);
  if (!row) throw new Error('no such delivery');
  return row;
}
const sweep = (at = NOW) => sweepLog(database.db, at);

test('a row goes so many days after its end as its account says', async () => {
  const [byDefault, bySetting] = [await makeAccount(), await makeAccount({ bodyDays: 2, rowDays: 5 })];
  const finishedAt = ago(1);
  for (const status of FINAL_STATUSES) {
    const ids = [
      await insert({ accountId: byDefault, status, finishedAt }),
      await insert({ accountId: bySetting, status, finishedAt }),
    ] as const;
    await sweep();
    expect((await read(ids[0])).expireAt).toEqual(new Date(finishedAt.getTime() + 90 * DAY_MS));
    expect((await read(ids[1])).expireAt).toEqual(new Date(finishedAt.getTime() + 5 * DAY_MS));
  }
});

test('an open delivery stays whole, however old it is', async () => {
  const accountId = await makeAccount({ bodyDays: 1, rowDays: 1 });
  const id = await insert({ accountId, status: 'waiting-retry', createdAt: ago(400) });
  const before = await read(id);
  await sweep();
  expect(await read(id)).toEqual(before);
});

test('bodies and headers go after their days; what was sent where, and how it ended, stays', async () => {
  const accountId = await makeAccount({ bodyDays: 7, rowDays: 90 });
  const [old, young] = [
    await insert({ accountId, status: 'failed', class: 'transient', responseStatus: 500, finishedAt: ago(8) }),
    await insert({ accountId, status: 'failed', finishedAt: ago(6) }),
  ] as const;
  const before = await read(old);
  await sweep();
  await sweep();
  const row = await read(old);
  expect(row.attempts).toEqual([
    {
      ...before.attempts[0],
      request: { ...before.attempts[0]?.request, headers: {}, body: '' },
      response: { ...before.attempts[0]?.response, headers: {}, body: '' },
      mapped: null,
    },
    before.attempts[1],
  ]);
  expect(row).toMatchObject({ status: 'failed', responseStatus: 500, bodiesRemovedAt: NOW });
  expect(row.bodiesExpireAt).toBeUndefined();
  expect(row.expireAt).toEqual(new Date(ago(8).getTime() + 90 * DAY_MS));
  const kept = await read(young);
  expect(kept.attempts[0]?.request?.body).toBe('{"$set":1}');
  expect(kept.bodiesRemovedAt).toBeUndefined();
});

test('changed days hold for the rows that are there, shorter or longer', async () => {
  const accountId = await makeAccount({ bodyDays: 30, rowDays: 90 });
  const id = await insert({ accountId, status: 'delivered', finishedAt: ago(10) });
  await sweep();
  await setRetention(accountId, { bodyDays: 9, rowDays: 3650 });
  expect(await sweep()).toMatchObject({ recounted: 1, emptied: 1 });
  const row = await read(id);
  expect(row.expireAt).toEqual(new Date(ago(10).getTime() + 3650 * DAY_MS));
  expect(row.bodiesRemovedAt).toEqual(NOW);
  expect(await sweep()).toEqual({ counted: 0, recounted: 0, emptied: 0 });
});

test('a row that is opened again stays, and is counted anew from its new end, new bodies included', async () => {
  const accountId = await makeAccount({ bodyDays: 1, rowDays: 10 });
  const soon = new Date(NOW.getTime() + 60_000);
  const id = await insert({ accountId, status: 'waiting-retry', expireAt: soon, bodiesRemovedAt: ago(5) });
  await sweep();
  expect((await read(id)).expireAt).toBeUndefined();
  await database.db.model(DELIVERIES).updateOne({ _id: id }, { $set: { status: 'delivered', finishedAt: ago(0) } });
  await sweep();
  expect(await read(id)).toMatchObject({
    expireAt: new Date(NOW.getTime() + 10 * DAY_MS),
    bodiesExpireAt: new Date(NOW.getTime() + DAY_MS),
  });
});

test('MongoDB removes a row whose time has come, and no other', async () => {
  const accountId = await makeAccount({ bodyDays: 1, rowDays: 3 });
  const [over, later, open] = [
    await insert({ accountId, status: 'delivered', finishedAt: ago(4) }),
    await insert({ accountId, status: 'delivered', finishedAt: ago(2) }),
    await insert({ accountId, status: 'queued', createdAt: ago(100) }),
  ] as const;
  await sweep();
  await until('the row to go', async () => (await findDelivery(database.db, over)) === null, 90_000);
  await read(later);
  await read(open);
}, 100_000);

test('more rows than one page are all swept, and rows of no account go by the default', async () => {
  const rows = Array.from({ length: 2500 }, () =>
    storedDelivery({ accountId: newId('account'), status: 'delivered', finishedAt: ago(31) }),
  );
  await database.db.model(DELIVERIES).insertMany(rows);
  const swept = await sweep();
  expect(swept).toMatchObject({ counted: 2500, emptied: 2500 });
  expect((await read(rows[0]?._id ?? 'dlv_')).expireAt).toEqual(new Date(ago(31).getTime() + 90 * DAY_MS));
});
