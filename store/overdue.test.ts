import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../lib/ids';
import type { StoredDelivery } from '../schemas/delivery';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { storedDelivery } from '../tests/servers/stored';
import { transaction } from './database';
import { DELIVERIES } from './deliveries';
import { countOverdue } from './overdue';
import { insertPace, PACES, type Pace } from './paces';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);

/** @returns how many of an account are overdue that has one delivery, before a webhook whose pace is this */
async function countWith(delivery: Partial<StoredDelivery>, pace: Partial<Pace> = {}): Promise<number> {
  const { db } = database;
  const [accountId, webhookId] = [newId('account'), newId('webhook')];
  await transaction(db, (session) => insertPace(db, session, { webhookId, accountId, limit: 60 }));
  await db.model(PACES).updateOne({ _id: webhookId }, { $set: pace as object });
  await db.model(DELIVERIES).create([storedDelivery({ accountId, webhookId, createdAt: ago(3600), ...delivery })]);
  return countOverdue(db, accountId);
}
const waits = { status: 'waiting-retry' as const, nextAttemptAt: ago(130) };
const sleeps = { status: 'waiting-slot' as const, turnAt: ago(3000) };

test.each<[string, Partial<StoredDelivery>, Partial<Pace>]>([
  ['whose next attempt should have come', waits, {}],
  ['whose slot should have come', { ...waits, status: 'waiting-slot' }, { last: { token: 'x', at: ago(200) } }],
  ['that nothing has begun', { status: 'queued' }, {}],
  ['that should have been told of its turn', sleeps, { tellAt: ago(130) }],
])('a delivery %s more than 2 minutes ago is overdue', async (_, delivery, pace) => {
  expect(await countWith(delivery, pace)).toBe(1);
});

test.each<[string, Partial<StoredDelivery>, Partial<Pace>]>([
  ['that is due since a minute', { ...waits, nextAttemptAt: ago(60) }, {}],
  ['that was ordered two minutes ago', { status: 'queued', createdAt: ago(120) }, {}],
  ['that is to be told of its turn later', sleeps, { tellAt: ago(-60) }],
  ['of a paused webhook', waits, { isHeld: true }],
  ['whose circuit breaker is open, or was a minute ago', waits, { openUntil: ago(60) }],
  ['whose receiver asked for a wait', waits, { askedUntil: ago(-60) }],
  ['whose webhook has been busy with others', waits, { last: { token: 'x', at: ago(60) } }],
  ['of a webhook that tells others', { ...sleeps, turnAt: ago(3000) }, { tellAt: ago(130), toldAt: ago(3) }],
  ['that is held', { ...waits, status: 'held' }, {}],
  ['that is over', { status: 'delivered' }, {}],
  ['that is replayed', { status: 'queued', round: { number: 1, firstCall: 1 } }, {}],
])('a delivery %s is not overdue', async (_, delivery, pace) => {
  expect(await countWith(delivery, pace)).toBe(0);
});
