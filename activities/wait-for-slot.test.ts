import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { monotonicMs } from '../lib/clock';
import { newId, newSecret } from '../lib/ids';
import { transaction } from '../store/database';
import { insertPace, PACES, setPaceLimit } from '../store/paces';
import { reserveSlot } from '../store/reserve-slot';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { until } from '../tests/servers/until';
import { waitForSlot } from './wait-for-slot';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

/** A webhook at 60 a minute with slots reserved 2 s ahead. */
async function makeBusy() {
  const { db } = database;
  const webhookId = newId('webhook');
  await transaction(db, (session) => insertPace(db, session, { webhookId, accountId: newId('account'), limit: 60 }));
  while ((await reserveSlot(db, { webhookId, token: newSecret(), withinMs: 1500 })).isGranted);
  return webhookId;
}

test('who waits for a slot loses it when the limit is lowered meanwhile, and is told to come back', async () => {
  const { db } = database;
  const webhookId = await makeBusy();
  const lastAt = async () => (await db.model(PACES).findById(webhookId).lean())?.last?.at.getTime() ?? 0;
  const beforeMs = await lastAt();
  const ask = { webhookId, isComeback: true, isManual: false, succeeded: 0, begunMs: monotonicMs() };
  const waiting = waitForSlot(db, { ...ask, confirm: async () => true, connect: async () => true });
  await until('the slot', async () => (await lastAt()) > beforeMs);
  await transaction(db, (session) => setPaceLimit(db, session, { webhookId, limit: 6 }));
  expect(await waiting).toMatchObject({ kind: 'not-yet' });
  expect(monotonicMs() - ask.begunMs).toBeLessThan(4000);
});
