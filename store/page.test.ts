import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../lib/ids';
import type { AccountId } from '../schemas/ids';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { listPage } from './page';
import { type StoredTag, TAGS } from './tags';

let database: TestDatabase;
let made = 0;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

async function makeTag(accountId: AccountId): Promise<string> {
  const name = `Tag ${made++}`;
  const [tag] = await database.db
    .model(TAGS)
    .create([{ _id: newId('tag'), accountId, name, key: name.toLowerCase(), createdAt: new Date() }]);
  return tag?._id ?? '';
}
const list = (accountId: AccountId, limit: number, cursor?: string | null) =>
  listPage<StoredTag>(database.db, TAGS, { accountId, key: undefined }, { limit, ...(cursor ? { cursor } : {}) });

test('the cursor walks all rows once, newest first, while rows are added', async () => {
  const accountId = newId('account');
  const before: string[] = [];
  for (let n = 0; n < 25; n++) before.push(await makeTag(accountId));
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof list>> = await list(accountId, 4, cursor);
    expect(page.items.length).toBeLessThanOrEqual(4);
    seen.push(...page.items.map(({ _id }) => _id));
    cursor = page.nextCursor;
    await makeTag(accountId);
  } while (cursor);
  expect(seen).toEqual(before.reverse());
});

test.each([
  [3, [3]],
  [4, [4]],
  [5, [4, 1]],
  [8, [4, 4]],
])('%i rows come in pages of %j', async (rows, sizes) => {
  const accountId = newId('account');
  for (let n = 0; n < rows; n++) await makeTag(accountId);
  const pages: number[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof list>> = await list(accountId, 4, cursor);
    pages.push(page.items.length);
    cursor = page.nextCursor;
  } while (cursor);
  expect(pages).toEqual(sizes);
});

test('an empty list is a page without a next one', async () => {
  expect(await list(newId('account'), 4)).toEqual({ items: [], nextCursor: null });
});

test("a cursor of another account's list shows nothing of that account", async () => {
  const [mine, theirs] = [newId('account'), newId('account')];
  for (let n = 0; n < 6; n++) await makeTag(n % 2 ? mine : theirs);
  const { nextCursor } = await list(theirs, 2);
  const { items } = await list(mine, 10, nextCursor);
  expect(items.every(({ accountId }) => accountId === mine)).toBe(true);
});

test.each([
  'x',
  '!!!',
  Buffer.from('{"$gt":""}').toString('base64url'),
  Buffer.from('tag_short').toString('base64url'),
])('the cursor %j is refused with 400, and named as the problem', async (cursor) => {
  await expect(list(newId('account'), 4, cursor)).rejects.toMatchObject({
    code: 'request.invalid',
    status: 400,
    facts: { problems: [{ path: 'cursor' }] },
  });
});
