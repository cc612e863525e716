import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PEPPER } from '../tests/servers/open-system';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { addBuiltInTypes } from './add-built-in-types';
import { bootstrapAccount } from './bootstrap-account';
import { listObjectTypes, OBJECT_TYPES } from './object-types';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

test('accounts of before get the types and fields that they lack, and keep what is theirs', async () => {
  const { db } = database;
  const { account } = await bootstrapAccount(db, { name: 'Old', pepper: PEPPER, allowHttp: true });
  const accountId = account._id;
  const whole = await listObjectTypes(db, accountId);
  await db.model(OBJECT_TYPES).deleteMany({ accountId, objectTypeId: { $in: [17, 46] } });
  const custom = { _id: `${accountId}:10000`, accountId, objectTypeId: 10_000, name: 'Purchase', plural: 'Purchases' };
  await db.model(OBJECT_TYPES).create([{ ...custom, isBuiltIn: false, fields: [] }]);
  const own = { id: 'my_outcome', label: 'outcome', type: 'text' as const };
  const subject = { id: 'subject', label: 'What to do', type: 'text' as const };
  await db.model(OBJECT_TYPES).updateOne({ accountId, objectTypeId: 1 }, { $set: { fields: [subject, own] } });

  for (let time = 0; time < 2; time++) {
    await addBuiltInTypes(db);
    const types = await listObjectTypes(db, accountId);
    expect(types.map(({ objectTypeId, name }) => [objectTypeId, name])).toEqual([
      ...whole.map(({ objectTypeId, name }) => [objectTypeId, objectTypeId === 17 ? 'Purchase (17)' : name]),
      [10_000, 'Purchase'],
    ]);
    const task = types.find(({ objectTypeId }) => objectTypeId === 1);
    expect(task?.fields.slice(0, 2)).toEqual([subject, own]);
    expect(task?.fields.map(({ id }) => id)).toEqual([
      'subject',
      'my_outcome',
      'due_date',
      'status',
      'message',
      'about_record',
      'completed_at',
      'overdue_at',
    ]);
  }
});
