import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../lib/ids';
import type { Field } from '../schemas/field';
import type { AccountId } from '../schemas/ids';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { transaction } from './database';
import { appendField, getObjectType, listObjectTypes, saveBuiltInObjectTypes, saveObjectType } from './object-types';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

async function makeAccount(): Promise<AccountId> {
  const accountId = newId('account');
  await transaction(database.db, (session) => saveBuiltInObjectTypes(database.db, session, accountId));
  return accountId;
}
const save = (accountId: AccountId, name: string) =>
  transaction(database.db, (session) =>
    saveObjectType(database.db, session, { accountId, name, plural: `${name}s`, fields: [] }),
  );
const field = (id: string, label = id): Field => ({ id, label, type: 'text' });
const append = (accountId: AccountId, added: Field, objectTypeId = 0) =>
  transaction(database.db, (session) => appendField(database.db, session, { accountId, objectTypeId, field: added }));

test('custom object types are numbered from 10000, each account for itself', async () => {
  for (const accountId of [await makeAccount(), await makeAccount()]) {
    const types = [await save(accountId, 'House'), await save(accountId, 'Boat')];
    expect(types.map(({ objectTypeId }) => objectTypeId)).toEqual([10_000, 10_001]);
  }
});

test('types created at once get numbers of their own, and no error', async () => {
  const accountId = await makeAccount();
  const types = await Promise.all(Array.from({ length: 8 }, (_, n) => save(accountId, `Type ${n}`)));
  expect(types.map(({ objectTypeId }) => objectTypeId).sort()).toEqual(Array.from({ length: 8 }, (_, n) => 10_000 + n));
});

test('of types created at once with one name, one is made and the others are told that it exists', async () => {
  const accountId = await makeAccount();
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => save(accountId, 'House')));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const result of results)
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'object-type.exists' });
});

test('fields added at once are all there', async () => {
  const accountId = await makeAccount();
  const before = (await getObjectType(database.db, accountId, 0)).fields.length;
  await Promise.all(Array.from({ length: 8 }, (_, n) => append(accountId, field(`extra_${n}`))));
  expect((await getObjectType(database.db, accountId, 0)).fields).toHaveLength(before + 8);
});

test('a field whose id or label is taken is refused, in capitals or not', async () => {
  const accountId = await makeAccount();
  await append(accountId, field('shoe_size', 'Shoe Size'));
  for (const taken of [field('shoe_size', 'Other'), field('other', 'SHOE SIZE')])
    await expect(append(accountId, taken)).rejects.toMatchObject({ code: 'object-type.exists' });
});

test('what another account has made is not found', async () => {
  const [mine, theirs] = [await makeAccount(), await makeAccount()];
  const { objectTypeId } = await save(mine, 'House');
  await expect(getObjectType(database.db, theirs, objectTypeId)).rejects.toMatchObject({
    code: 'object-type.not-found',
  });
  expect((await listObjectTypes(database.db, theirs)).map(({ name }) => name)).not.toContain('House');
});
