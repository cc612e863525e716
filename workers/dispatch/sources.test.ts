import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StoredEvent } from '../../schemas/event';
import type { MapId, RecordId } from '../../schemas/ids';
import { saveAccountEdit } from '../../store/accounts';
import { transaction } from '../../store/database';
import { ENTRIES } from '../../store/entries';
import { EVENTS } from '../../store/events';
import { getRecord, RECORDS, replaceRecordFacts } from '../../store/records';
import { custom, triggerToEnd, triggerToWait } from '../../tests/servers/draw';
import { makeMap, makeRecord, makeTags } from '../../tests/servers/make';
import { openSystem, type TestSystem } from '../../tests/servers/open-system';
import { endEntries, post, postCustom, untilHandled } from '../../tests/servers/post';
import { until } from '../../tests/servers/until';

let system: TestSystem;
beforeAll(async () => {
  system = await openSystem();
});
afterAll(async () => {
  await endEntries(system);
  await system.close();
});

const factsOf = async (recordId: RecordId): Promise<StoredEvent[]> =>
  system.db.model(EVENTS).find({ recordId }).sort({ seq: 1 }).lean<StoredEvent[]>();
const entriesOn = (mapId: MapId, recordId: RecordId) => system.db.model(ENTRIES).find({ mapId, recordId }).lean();

test('nobody listens: entering and leaving a map writes nothing', async () => {
  const { mapId } = await makeMap(system, triggerToEnd(custom('quiet.one')));
  const { _id: recordId } = await makeRecord(system);
  await postCustom(system, recordId, 'quiet.one');
  await until('the end', async () => (await entriesOn(mapId, recordId))[0]?.status === 'ended');
  expect((await factsOf(recordId)).map(({ fact }) => fact.type)).toEqual(['record.created', 'custom']);
});

test('entering and leaving a map are told once each, in that order, to who listens', async () => {
  const { mapId } = await makeMap(system, triggerToEnd(custom('heard.one')));
  const { mapId: added } = await makeMap(system, triggerToWait({ type: 'map.added', mapId }));
  const { mapId: removed } = await makeMap(system, triggerToWait({ type: 'map.removed', mapId }));
  const { _id: recordId } = await makeRecord(system);
  // Who has just begun to listen is known to workers within a second.
  await until('a first end that is heard', async () => {
    await postCustom(system, recordId, 'heard.one');
    await until('the end', async () => (await entriesOn(mapId, recordId)).every(({ status }) => status === 'ended'));
    await untilHandled(system);
    return (await entriesOn(removed, recordId)).length > 0;
  });
  const { _id: second } = await makeRecord(system);
  await postCustom(system, second, 'heard.one');
  await until('both', async () => (await entriesOn(removed, second)).length > 0);
  await untilHandled(system);
  const [entry] = await entriesOn(mapId, second);
  const facts = (await factsOf(second)).filter(({ fact }) => fact.type.startsWith('map.'));
  expect(facts.map(({ fact, hops }) => [fact, hops])).toEqual([
    [{ type: 'map.added', mapId, entryId: entry?._id }, 1],
    [{ type: 'map.removed', mapId, entryId: entry?._id }, 1],
  ]);
  expect(await entriesOn(added, second)).toHaveLength(1);
  expect(await entriesOn(removed, second)).toHaveLength(1);
});

test('a new record that is saved field by field is told of when it has been quiet, with all its fields, in order', async () => {
  const accountId = system.account.account._id;
  const { db } = system;
  const settle = (settleSeconds: number) =>
    transaction(db, (session) => saveAccountEdit(db, session, { accountId, name: 'Test', settleSeconds }));
  const { mapId } = await makeMap(system, triggerToEnd({ type: 'record.created' }));
  const [tagId] = await makeTags(system, 'Settled');
  if (!tagId) throw new Error('no tag was made');
  await settle(3);
  const { _id: recordId, createdAt } = await makeRecord(system, { firstname: 'A' });
  for (const firstname of ['Ad', 'Ada']) {
    await transaction(db, async (session) => {
      const record = await getRecord(db, { accountId, recordId }, session);
      const fact = { type: 'field.updated' as const, fieldId: 'firstname', before: '', after: firstname };
      await replaceRecordFacts(db, session, {
        record,
        after: { fields: { firstname }, tagIds: [] },
        facts: [fact],
        hops: 0,
      });
    });
  }
  await post(system, recordId, { type: 'tag.added', tagId });
  const [created] = await factsOf(recordId);
  const last = (await factsOf(recordId)).at(-1);
  expect(created?.retryAt?.getTime()).toBeGreaterThanOrEqual((last?.at.getTime() ?? 0) + 2900);
  await until('its entry', async () => (await entriesOn(mapId, recordId)).length > 0);
  await untilHandled(system);
  const facts = await factsOf(recordId);
  expect(facts.slice(0, 4).map(({ fact }) => fact.type)).toEqual([
    'record.created',
    'field.updated',
    'field.updated',
    'tag.added',
  ]);
  const [entry] = await entriesOn(mapId, recordId);
  expect(entry?.startedAt.getTime()).toBeGreaterThanOrEqual((last?.at.getTime() ?? 0) + 2900);
  for (const { settledAt } of facts.slice(1, 4))
    expect(settledAt?.getTime()).toBeGreaterThanOrEqual(facts[0]?.settledAt?.getTime() ?? 0);
  expect(createdAt.getTime()).toBeLessThan(entry?.startedAt.getTime() ?? 0);

  await settle(0);
  expect((await makeRecord(system)).settleSeconds).toBeUndefined();
  expect(await db.model(RECORDS).countDocuments({ settleSeconds: { $gt: 0 } })).toBe(1);
});

// Last, since its events go on being tried while the system runs.
test('a map that starts itself by its own start is stopped after ten automations', async () => {
  const { mapId } = await makeMap(system, triggerToEnd(custom('loop.one')));
  const { mapId: itself } = await makeMap(system, triggerToEnd({ type: 'map.added' }));
  const { _id: recordId } = await makeRecord(system);
  await postCustom(system, recordId, 'loop.one');
  const refused = await until('the loop to be seen', () =>
    system.db
      .model(EVENTS)
      .findOne({ recordId, error: { $ne: null } })
      .lean<StoredEvent>(),
  );
  expect([refused.hops, refused.error]).toEqual([11, expect.stringContaining('loop')]);
  expect(await entriesOn(mapId, recordId)).toHaveLength(1);
  const hops = (await entriesOn(itself, recordId)).map((entry) => entry.hops);
  expect([...new Set(hops)].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});
