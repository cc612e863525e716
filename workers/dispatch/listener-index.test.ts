import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../../lib/ids';
import type { MapDrawing } from '../../schemas/automation-map';
import type { Fact } from '../../schemas/event';
import type { AccountId, MapId } from '../../schemas/ids';
import { transaction } from '../../store/database';
import { insertMap } from '../../store/maps';
import { publishVersion } from '../../store/publish-version';
import { custom, triggerToEnd } from '../../tests/servers/draw';
import { openTestDatabase, type TestDatabase } from '../../tests/servers/open-test-database';
import { openListenerIndex } from './listener-index';

const accountId = newId('account');

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const insert = async (drawing: MapDrawing, of: { accountId: AccountId; objectTypeId: number }): Promise<MapId> => {
  const { db } = database;
  const map = await transaction(db, (session) => insertMap(db, session, { ...of, name: 'Map', draft: drawing }));
  return map._id;
};
const publish = (mapId: MapId, number: number, drawing: MapDrawing, owner = accountId): Promise<void> =>
  transaction(database.db, async (session) => {
    const hash = `${number}`;
    await publishVersion(database.db, session, { accountId: owner, mapId, number, hash, note: '', drawing });
  });
const publishNew = async (drawing: MapDrawing, of = { accountId, objectTypeId: 0 }): Promise<MapId> => {
  const mapId = await insert(drawing, of);
  await publish(mapId, 1, drawing, of.accountId);
  return mapId;
};
const happened = (name: string): Fact => ({ type: 'custom', name, data: {} });

test('among many maps an event finds only those that listen for it, of its account and object type', async () => {
  const index = openListenerIndex(database.db);
  const wanted: MapId[] = [];
  for (let n = 0; n < 40; n++) {
    const mapId = await publishNew(triggerToEnd(custom(`event.${n % 20}`)));
    if (n % 20 === 7) wanted.push(mapId);
  }
  await publishNew(triggerToEnd(custom('event.7')), { accountId: newId('account'), objectTypeId: 0 });
  await publishNew(triggerToEnd(custom('event.7')), { accountId, objectTypeId: 10_000 });
  await index.refresh();
  const found = index.find({ accountId, objectTypeId: 0, fact: happened('event.7') });
  expect(found.map((listener) => 'mapId' in listener && listener.mapId).sort()).toEqual(wanted.sort());
  expect(index.find({ accountId, objectTypeId: 0, fact: happened('event.99') })).toEqual([]);
});

test('a map published before refresh is called is found after it, 100 times', async () => {
  const index = openListenerIndex(database.db);
  await index.refresh();
  for (let n = 0; n < 100; n++) {
    const mapId = await publishNew(triggerToEnd(custom(`fresh.${n}`)));
    await index.refresh();
    const found = index.find({ accountId, objectTypeId: 0, fact: happened(`fresh.${n}`) });
    expect(found.map((listener) => 'mapId' in listener && listener.mapId)).toEqual([mapId]);
  }
});

test('a new version replaces what its map listened for', async () => {
  const index = openListenerIndex(database.db);
  const mapId = await publishNew(triggerToEnd(custom('old.name')));
  await index.refresh();
  await publish(mapId, 2, triggerToEnd(custom('new.name')));
  await index.refresh();
  const find = (name: string) => index.find({ accountId, objectTypeId: 0, fact: happened(name) });
  expect(find('old.name')).toEqual([]);
  expect(find('new.name').map((listener) => 'mapId' in listener && listener.versionNumber)).toEqual([2]);
});

test('while a new version is taken in, its map is found at every moment', async () => {
  const index = openListenerIndex(database.db);
  const drawing = triggerToEnd(custom('always.there'));
  const mapId = await publishNew(drawing);
  await index.refresh();
  for (let number = 2; number < 12; number++) {
    await publish(mapId, number, drawing);
    let isDone = false;
    const refreshing = index.refresh().then(() => {
      isDone = true;
    });
    while (!isDone) {
      expect(index.find({ accountId, objectTypeId: 0, fact: happened('always.there') })).toHaveLength(1);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await refreshing;
  }
});
