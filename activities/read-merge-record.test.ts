import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../lib/ids';
import type { FieldValues } from '../schemas/field';
import type { StoredRecord } from '../schemas/record';
import { webhookSettings } from '../schemas/webhook';
import { bootstrapAccount } from '../store/bootstrap-account';
import { transaction } from '../store/database';
import { appendField, getObjectType } from '../store/object-types';
import { insertRecord } from '../store/records';
import { insertWebhook } from '../store/webhooks';
import { openSystem, PEPPER, type TestSystem } from '../tests/servers/open-system';
import type { Dependencies } from './dependencies';
import { openFrameReader } from './frame-reader';
import { readMergeRecord } from './read-merge-record';

let system: TestSystem;
let deps: Dependencies;
const accountId = () => system.account.account._id;
beforeAll(async () => {
  system = await openSystem({ isWorking: false });
  deps = { db: system.db, frames: openFrameReader(system.db) } as Dependencies;
  const relations: [number, string, string, number][] = [
    [0, 'employer', 'Employer', 150],
    [150, 'owner', 'Owner', 0],
  ];
  for (const [objectTypeId, id, label, to] of relations)
    await transaction(system.db, (session) =>
      appendField(system.db, session, {
        accountId: accountId(),
        objectTypeId,
        field: { id, label, type: 'parent', objectTypeId: to },
      }),
    );
});
afterAll(() => system.close());

const make = (objectTypeId: number, fields: FieldValues, of = accountId()): Promise<StoredRecord> =>
  transaction(system.db, (session) =>
    insertRecord(system.db, session, { accountId: of, objectTypeId, fields, tagIds: [], facts: [] }),
  );

async function readFor(body: string, record: StoredRecord) {
  const { db } = system;
  const settings = webhookSettings.parse({ name: 'n', url: 'https://example.com/', body });
  const webhook = await transaction(db, (session) => insertWebhook(db, session, { accountId: accountId(), settings }));
  const objectType = await getObjectType(db, accountId(), 0);
  return readMergeRecord(deps, { webhook, record, objectType, positionId: newId('position') });
}

test('nothing is read for templates that name neither relations nor variables', async () => {
  const record = await make(0, { firstname: 'Ada' });
  expect(await readFor('a=[First Name]&u=https://example.com//x', record)).toEqual({
    id: record._id,
    fields: record.fields,
  });
});

test('related records are read as far as the templates go, and no further', async () => {
  const bob = await make(0, { firstname: 'Bob' });
  const acme = await make(150, { name: 'Acme', owner: bob._id });
  const ada = await make(0, { employer: acme._id });
  const near = await readFor('a=[Employer/\u200b/Name]', ada);
  expect([...(near.related?.records.keys() ?? [])]).toEqual([acme._id]);
  const far = await readFor('a=[Employer//Name]&b=[Employer//Owner//First Name]', ada);
  expect([...(far.related?.records.keys() ?? [])]).toEqual([acme._id, bob._id]);
  expect([...(far.related?.types.keys() ?? [])].sort()).toEqual([0, 150]);
});

test('records of another account and deleted ones are not there', async () => {
  const other = await bootstrapAccount(system.db, { name: 'Other', pepper: PEPPER, allowHttp: false });
  const theirs = await make(150, { name: 'Secret' }, other.account._id);
  for (const employer of [theirs._id, newId('record')]) {
    const read = await readFor('a=[Employer//Name]&b=[Employer//Owner//Email]', await make(0, { employer }));
    expect(read.related?.records.size).toBe(0);
    expect(read.related?.types.size).toBe(2);
  }
});

test('variables are asked for when a template names one', async () => {
  expect((await readFor('a=[Entry//order_id]', await make(0, {}))).variables).toEqual({});
});
