import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { newId } from '../lib/ids';
import type { WebhookId } from '../schemas/ids';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { countFailure, countSuccess, freeProbe } from './breaker';
import { transaction } from './database';
import { insertPace, PACES } from './paces';
import { isStillReserved, reserveSlot, type Slot } from './reserve-slot';

let database: TestDatabase;
let webhookId: WebhookId;
let slots = 0;
beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(async () => {
  webhookId = newId('webhook');
  const pace = { webhookId, accountId: newId('account'), limit: 180 };
  await transaction(database.db, (session) => insertPace(database.db, session, pace));
});
afterAll(() => database.close());

const HOUR_MS = 3_600_000;
async function reserve(succeeded = 0): Promise<Slot & { token: string }> {
  const token = `slot ${slots++}`;
  return { ...(await reserveSlot(database.db, { webhookId, token, withinMs: HOUR_MS, succeeded })), token };
}
const fail = (token: string, isReceivers = true) =>
  countFailure(database.db, { webhookId, token, isReceivers, succeeded: 0 });
/** Attempts one after the other, each failing. @returns what the last one counted */
async function failTimes(count: number) {
  for (let n = 1; n < count; n++) await fail((await reserve()).token);
  return fail((await reserve()).token);
}
const set = (fields: object) => database.db.model(PACES).updateOne({ _id: webhookId }, { $set: fields });
const openMs = async () => {
  const pace = await database.db.model(PACES).findById(webhookId).lean();
  return (pace?.openUntil?.getTime() ?? 0) - Date.now();
};

test('the tenth failure without a success opens the breaker for 30 s, and then nobody gets a slot', async () => {
  expect((await failTimes(9))?.openUntil).toBeNull();
  expect(await failTimes(1)).toMatchObject({ isFirstOpening: true, openUntil: expect.any(Date) });
  expect(await openMs()).toBeGreaterThan(28_000);
  expect(await openMs()).toBeLessThanOrEqual(30_000);
  expect(await reserve()).toMatchObject({ isGranted: false, because: 'breaker' });
});

test('attempts under way say nothing yet: a receiver that never answers opens it with its tenth time limit, however many are sent', async () => {
  const sent = [];
  for (let n = 0; n < 40; n++) sent.push((await reserve()).token);
  for (const token of sent.slice(0, 9)) expect((await fail(token))?.openUntil).toBeNull();
  expect((await fail(sent[9] ?? ''))?.openUntil).toEqual(expect.any(Date));
});

test('an opening takes back the slots that were reserved for later', async () => {
  const sent = [];
  for (let n = 0; n < 11; n++) sent.push(await reserve());
  const late = { webhookId, takenBack: sent[10]?.takenBack ?? Number.NaN };
  for (const { token } of sent.slice(0, 9)) await fail(token);
  expect(await isStillReserved(database.db, late)).toBe(true);
  await fail(sent[9]?.token ?? '');
  expect(await isStillReserved(database.db, late)).toBe(false);
});

test('three successes of ten keep it closed, at less than 70 % failed', async () => {
  await reserve(4);
  expect((await failTimes(9))?.openUntil).toBeNull();
  expect((await failTimes(1))?.openUntil).toEqual(expect.any(Date));
});

test('a receiver that refuses single requests is not unwell', async () => {
  for (let n = 0; n < 20; n++) expect((await fail((await reserve()).token, false))?.openUntil).toBeNull();
});

test('after its time one request is tried while the others wait; its failure doubles the time, those of older ones do nothing', async () => {
  await failTimes(10);
  const past = new Date(Date.now() - 1000);
  await set({ openUntil: past, bounceAt: past, nextAt: past });
  const probe = await reserve();
  expect(probe.isGranted).toBe(true);
  expect(await reserve()).toMatchObject({ isGranted: false, because: 'breaker' });
  expect((await fail('an older attempt'))?.openUntil).toBeNull();
  expect(await fail(probe.token)).toMatchObject({ isFirstOpening: false, openUntil: expect.any(Date) });
  expect(await openMs()).toBeGreaterThan(58_000);
});

test('one that tried it and learned nothing of the receiver lets the next one try at once; another changes nothing', async () => {
  await failTimes(10);
  await set({ openUntil: new Date(0), bounceAt: new Date(0), nextAt: new Date(0) });
  const probe = await reserve();
  await freeProbe(database.db, { webhookId, token: 'another' });
  expect(await reserve()).toMatchObject({ isGranted: false, because: 'breaker' });
  await freeProbe(database.db, { webhookId, token: probe.token });
  const next = await reserve();
  expect(next).toMatchObject({ isGranted: true, isFailing: true });
  await fail(next.token);
  expect(await openMs()).toBeGreaterThan(58_000);
});

test('a person’s request during an opening makes it neither shorter nor longer, and its success closes it', async () => {
  await failTimes(10);
  await set({ openUntil: new Date(Date.now() + 600_000) });
  const byHand = { webhookId, token: 'by hand', withinMs: HOUR_MS, isManual: true };
  expect(await reserveSlot(database.db, byHand)).toMatchObject({ isGranted: true, isFailing: true });
  expect(await openMs()).toBeGreaterThan(590_000);
  await fail('by hand');
  expect(await openMs()).toBeGreaterThan(590_000);
  expect(await openMs()).toBeLessThanOrEqual(600_000);
  await countSuccess(database.db, webhookId);
  expect(await reserve()).toMatchObject({ isGranted: true });
});

test('it never stays open for more than 15 minutes', async () => {
  await failTimes(10);
  await set({ openings: 12, openUntil: new Date(0), bounceAt: new Date(0), nextAt: new Date(0) });
  await fail((await reserve()).token);
  expect(await openMs()).toBeLessThanOrEqual(900_000);
  expect(await openMs()).toBeGreaterThan(890_000);
});

test('a success closes it, and nothing of before counts any more', async () => {
  await failTimes(10);
  await countSuccess(database.db, webhookId);
  expect(await reserve()).toMatchObject({ isGranted: true, isFailing: false });
  expect((await failTimes(9))?.openUntil).toBeNull();
});

test('a webhook that is gone counts nothing', async () => {
  webhookId = newId('webhook');
  expect(await fail('any')).toBeNull();
});
