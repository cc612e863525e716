import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../lib/ids';
import type { WebhookId } from '../schemas/ids';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { transaction } from './database';
import { insertPace, PACES, type Pace, setPaceHeld } from './paces';
import { promiseWhenShut } from './promise-when-shut';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

async function makePace(limit = 60): Promise<WebhookId> {
  const webhookId = newId('webhook');
  await transaction(database.db, (session) =>
    insertPace(database.db, session, { webhookId, accountId: newId('account'), limit }),
  );
  return webhookId;
}
const paceOf = (webhookId: WebhookId) => database.db.model(PACES).findById(webhookId).lean<Pace>();

test('a webhook that lets requests through is left as it is', async () => {
  const webhookId = await makePace();
  const before = await paceOf(webhookId);
  expect(await promiseWhenShut(database.db, webhookId)).toBeNull();
  expect(await paceOf(webhookId)).toEqual(before);
});

test('a deleted webhook lets its deliveries through to their end', async () => {
  expect(await promiseWhenShut(database.db, newId('webhook'))).toBeNull();
});

test('a held webhook says so, and promises nothing', async () => {
  const webhookId = await makePace();
  await transaction(database.db, (session) => setPaceHeld(database.db, session, { webhookId, isHeld: true }));
  const before = await paceOf(webhookId);
  expect(await promiseWhenShut(database.db, webhookId)).toEqual({ because: 'held' });
  expect(await paceOf(webhookId)).toEqual(before);
});

test('behind an open circuit breaker slots are promised one gap apart', async () => {
  const webhookId = await makePace(60);
  const openUntil = new Date(Date.now() + 600_000);
  await database.db.model(PACES).updateOne({ _id: webhookId }, { $set: { openUntil, openings: 1 } });
  const told = [];
  for (let n = 0; n < 3; n++) told.push(await promiseWhenShut(database.db, webhookId));
  const promised = (await paceOf(webhookId))?.bounceAt.getTime() ?? 0;
  expect(told.map((shut) => shut?.because)).toEqual(['breaker', 'breaker', 'breaker']);
  expect(promised - openUntil.getTime()).toBe(3 * 1010);
});
