import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../lib/ids';
import type { AccountId } from '../schemas/ids';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { transaction } from './database';
import { findTags, findTagsByName, saveTag, saveTagsByName, TAGS } from './tags';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const saveByName = (accountId: AccountId, names: string[]) =>
  transaction(database.db, (session) => saveTagsByName(database.db, session, { accountId, names }));
const count = (accountId: AccountId) => database.db.model(TAGS).countDocuments({ accountId });

test('tags come in the order of their names, known ones as they are, missing ones new', async () => {
  const accountId = newId('account');
  const [b] = await saveByName(accountId, ['B']);
  const tags = await saveByName(accountId, ['A', 'b', 'C']);
  expect(tags.map(({ name }) => name)).toEqual(['A', 'B', 'C']);
  expect(tags[1]?._id).toBe(b?._id);
});

test('a name is the same in capitals, also twice in one request', async () => {
  const accountId = newId('account');
  const tags = await saveByName(accountId, ['Customer', 'CUSTOMER', 'customer']);
  expect(new Set(tags.map(({ _id }) => _id)).size).toBe(1);
  expect(await count(accountId)).toBe(1);
});

test('20 transactions that create the same tag at once end with one tag, and no error for any', async () => {
  const accountId = newId('account');
  const saved = await Promise.all(Array.from({ length: 20 }, () => saveByName(accountId, ['New', 'Newer'])));
  expect(new Set(saved.map((tags) => tags.map(({ _id }) => _id).join())).size).toBe(1);
  expect(await count(accountId)).toBe(2);
});

test('transactions that name the same new tags in opposite orders end well', async () => {
  const accountId = newId('account');
  const orders = [
    ['one', 'two', 'three'],
    ['three', 'two', 'one'],
  ];
  await Promise.all(Array.from({ length: 10 }, (_, n) => saveByName(accountId, orders[n % 2] ?? [])));
  expect(await count(accountId)).toBe(3);
});

test('a tag that exists is not created again', async () => {
  const accountId = newId('account');
  const save = () => transaction(database.db, (session) => saveTag(database.db, session, { accountId, name: 'VIP' }));
  await save();
  await expect(save()).rejects.toMatchObject({ code: 'tag.exists', status: 409 });
});

test("accounts have tags of their own, and don't see another's", async () => {
  const [mine, theirs] = [newId('account'), newId('account')];
  const [tag] = await saveByName(mine, ['VIP']);
  const [other] = await saveByName(theirs, ['VIP']);
  expect(tag?._id).not.toBe(other?._id);
  expect(await findTags(database.db, theirs, [tag?._id ?? 'tag_'])).toEqual([]);
  expect((await findTagsByName(database.db, mine, ['vip', 'none'])).map(({ _id }) => _id)).toEqual([tag?._id]);
});
