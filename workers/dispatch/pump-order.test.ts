import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RecordId } from '../../schemas/ids';
import { ENTRIES } from '../../store/entries';
import { EVENTS } from '../../store/events';
import { custom, triggerToEnd } from '../../tests/servers/draw';
import { makeMap, makeRecord } from '../../tests/servers/make';
import { openSystem, type TestSystem } from '../../tests/servers/open-system';
import { openTestPump } from '../../tests/servers/open-test-pump';
import { postCustom, untilHandled } from '../../tests/servers/post';
import { until } from '../../tests/servers/until';

/** Settled when the second test stops a pump: all of the first test and a third of its own */
const BEFORE_STOP = 20 * 11 + 20 + 30;
const NAMES = ['one', 'two', 'three', 'four', 'five'].map((name) => `order.${name}`);

let system: TestSystem;
beforeAll(async () => {
  system = await openSystem();
  for (const name of NAMES) await makeMap(system, triggerToEnd(custom(name)), name);
});
afterAll(() => system?.close());

/** Posts events of random names over many records at once. @returns the ids of each record's events, in order */
async function postMany(records: number, perRecord: number): Promise<Map<RecordId, string[]>> {
  const made = await Promise.all(Array.from({ length: records }, () => makeRecord(system)));
  const posted = await Promise.all(
    made.map(async ({ _id }, index): Promise<[RecordId, string[]]> => {
      const ids: string[] = [];
      for (let n = 0; n < perRecord; n++) ids.push(await postCustom(system, _id, NAMES[(index + n * 3) % 5] ?? ''));
      return [_id, ids];
    }),
  );
  return new Map(posted);
}

/** The events that made the entries of a record, in the order of the entries. */
async function entered(recordId: RecordId): Promise<(string | null)[]> {
  const entries = await system.db.model(ENTRIES).find({ recordId }).sort({ _id: 1 }).lean();
  return entries.map(({ eventId }) => eventId);
}

async function expectInOrder(posted: Map<RecordId, string[]>): Promise<void> {
  for (const [recordId, ids] of posted) expect(await entered(recordId)).toEqual(ids);
}

test('the events of one record are carried out in their order: 200 events over 20 records', async () => {
  const posted = await postMany(20, 10);
  await untilHandled(system);
  await expectInOrder(posted);
});

test('two more pumps share the work, and when one stops nothing is lost or out of order', async () => {
  const [first, second] = [openTestPump(system), openTestPump(system)];
  await until(
    'three pumps with a share each',
    () => first.shares.owned().length > 0 && second.shares.owned().length > 0,
  );
  const posting = postMany(20, 5);
  await until(
    'some entries',
    async () => (await system.db.model(EVENTS).countDocuments({ status: 'settled' })) > BEFORE_STOP,
  );
  await first.stop();
  const posted = await posting;
  await untilHandled(system);
  await expectInOrder(posted);
  await second.stop();
});
