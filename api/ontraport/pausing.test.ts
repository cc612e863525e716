import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { EntryId } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { endEntry } from '../../store/entries';
import { triggerToWait } from '../../tests/servers/draw';
import { type OntraportCaller, ontraportCaller } from '../../tests/servers/ontraport-caller';
import { type ApiCaller, openTestApi, type TestApi } from '../../tests/servers/open-test-api';

let api: TestApi;
let dataOf: OntraportCaller['dataOf'];
let refusalOf: OntraportCaller['refusalOf'];
let entry: { id: EntryId; recordId: string };
beforeAll(async () => {
  api = await openTestApi();
  ({ dataOf, refusalOf } = ontraportCaller(api.ada));
});
beforeEach(async () => {
  entry = await enter(api.ada);
});
afterAll(() => api.close());

/** A new record on a new map. */
async function enter(by: ApiCaller): Promise<typeof entry> {
  const post = async (path: string, body: unknown) => (await by.call('POST', path, body)).body;
  const { id: mapId } = await post('/v1/maps', { name: 'Welcome', draft: triggerToWait({ type: 'manual' }) });
  await post(`/v1/maps/${mapId}/publish`, {});
  const { id: recordId } = await post('/v1/records', {});
  return post('/v1/entries', { mapId, recordId });
}
const isPaused = async ({ id }: Pick<typeof entry, 'id'>, by = api.ada): Promise<boolean> =>
  (await by.call('GET', `/v1/entries/${id}`)).body.pausedAt !== null;

test('PHP SDK: subscribers are paused and go on: entries, by their ids under /v1', async () => {
  const other = await enter(api.ada);
  const ids = [entry.id, other.id];
  for (let time = 0; time < 2; time++)
    expect(await dataOf('POST', '/objects/pause', { objectID: 8, ids })).toEqual({ ids });
  expect([await isPaused(entry), await isPaused(other)]).toEqual([true, true]);
  expect(await dataOf('POST', '/objects/unpause', `objectID=8&ids=${entry.id}`)).toEqual({ ids: [entry.id] });
  expect([await isPaused(entry), await isPaused(other)]).toEqual([false, true]);
  const { items } = (await api.ada.call('GET', `/v1/events?recordId=${entry.recordId}`)).body;
  const types = items
    .map((one: { fact: { type: string } }) => one.fact.type)
    .filter((type: string) => /^map/.test(type));
  expect(types).toEqual(['map.resumed', 'map.paused']);
});

test('all of the entries are paused or none: not with one of another account, an ended one or a number', async () => {
  const bobs = await enter(api.bob);
  const ended = await enter(api.ada);
  const { db } = api.system;
  await transaction(db, (session) => endEntry(db, session, { entryId: ended.id, reason: 'exited' }));
  const refused = (id: string) => refusalOf('POST', '/objects/pause', { objectID: 8, ids: [entry.id, id] });
  expect((await refused(bobs.id))[0]).toBe(404);
  expect((await refused(ended.id))[0]).toBe(422);
  expect(await refused('12')).toEqual([400, 'ids.1: must be ent_ and 26 letters or digits']);
  expect([await isPaused(entry), await isPaused(bobs, api.bob)]).toEqual([false, false]);
});

test('what has no pause here is refused and said so: maps, sequences', async () => {
  for (const objectID of [140, 5, 0])
    expect(await refusalOf('POST', '/objects/pause', { objectID, ids: [1] })).toEqual([
      400,
      expect.stringMatching(/^objectID: must be 6, rules, or 8, subscribers/),
    ]);
  expect(await refusalOf('POST', '/objects/pause', `objectID=6&ids=${entry.id}`)).toEqual([
    400,
    expect.stringMatching(/^ids\.0: must be/),
  ]);
});
