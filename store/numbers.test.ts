import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../lib/ids';
import type { AccountId } from '../schemas/ids';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { transaction } from './database';
import { findByNumber, findIds, findNumbers, numberIs } from './numbers';
import { type StoredTag, saveTagsByName, TAGS } from './tags';

let opened: TestDatabase;
const accountId: AccountId = newId('account');
beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened.close());

test('things are found by their decimal ids, by the index of these', async () => {
  const { db } = opened;
  const names = Array.from({ length: 50 }, (_, n) => `Tag ${n}`);
  const tags = await transaction(db, (session) => saveTagsByName(db, session, { accountId, names }));
  const tag = tags[25] as StoredTag;
  const { number } = tag;
  expect(await findByNumber<StoredTag>(db, TAGS as never, { accountId, number })).toMatchObject({ _id: tag._id });
  expect(await findByNumber(db, TAGS as never, { accountId: newId('account'), number })).toBeNull();
  expect([...(await findIds(db, 'tags', { accountId, numbers: [number, 999] }))]).toEqual([[number, tag._id]]);
  expect([...(await findNumbers(db, 'tags', { accountId, ids: [tag._id, 'tag_x'] }))]).toEqual([[tag._id, number]]);
  expect((await findNumbers(db, 'tags', { accountId: newId('account'), ids: [tag._id] })).size).toBe(0);
  for (const wanted of [numberIs(number), numberIs({ $in: [number] })]) {
    const plan = await db
      .model(TAGS)
      .collection.find({ accountId, number: wanted } as object)
      .explain('queryPlanner');
    expect(JSON.stringify(plan.queryPlanner.winningPlan)).toContain('"accountId_1_number_1"');
  }
});
