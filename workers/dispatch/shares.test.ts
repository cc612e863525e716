import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { newSecret } from '../../lib/ids';
import { LEASES } from '../../store/leases';
import { openTestDatabase, type TestDatabase } from '../../tests/servers/open-test-database';
import { openShares, type Shares } from './shares';

const ALL = Array.from({ length: 16 }, (_, partition) => partition);

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.db.model(LEASES).deleteMany({}));
afterAll(() => database.close());

const open = (): Shares => openShares(database.db, newSecret());
const ownedBy = (...pumps: Shares[]): number[] => pumps.flatMap((pump) => pump.owned()).sort((a, b) => a - b);
/** Every pump renews once, several times over, as their timers do. */
async function renewAll(...pumps: Shares[]): Promise<void> {
  for (let round = 0; round < 4; round++) for (const pump of pumps) await pump.renew();
}

test('a pump alone has all 16 shares after its first renewal', async () => {
  const pump = open();
  expect(pump.owned()).toEqual([]);
  await pump.renew();
  expect(ownedBy(pump)).toEqual(ALL);
});

test.each([2, 3, 5, 16])('%i pumps have all shares among them, none twice, in fair parts', async (count) => {
  const pumps = Array.from({ length: count }, open);
  await renewAll(...pumps);
  expect(ownedBy(...pumps)).toEqual(ALL);
  for (const pump of pumps) expect(pump.owned().length).toBeLessThanOrEqual(Math.ceil(16 / count));
});

test('pumps that renew at the same moment never own a share twice', async () => {
  const pumps = Array.from({ length: 4 }, open);
  for (let round = 0; round < 5; round++) {
    await Promise.all(pumps.map((pump) => pump.renew()));
    expect(new Set(ownedBy(...pumps)).size).toBe(ownedBy(...pumps).length);
  }
  await renewAll(...pumps);
  expect(ownedBy(...pumps)).toEqual(ALL);
});

test('what a pump gives back at its end is taken by the other at once', async () => {
  const [first, second] = [open(), open()];
  await renewAll(first, second);
  await first.release();
  await second.renew();
  expect(first.owned()).toEqual([]);
  expect(ownedBy(second)).toEqual(ALL);
});

test('a pump that ends in the middle of a renewal holds nothing afterwards', async () => {
  const [first, second] = [open(), open()];
  const renewing = first.renew();
  await first.release();
  await renewing;
  await second.renew();
  expect(first.owned()).toEqual([]);
  expect(ownedBy(second)).toEqual(ALL);
});

test('what a dead pump held is taken when its leases have run out, not before', async () => {
  const [dead, alive] = [open(), open()];
  await renewAll(dead, alive);
  await alive.renew();
  expect(alive.owned()).toHaveLength(8);
  const later = [{ $set: { until: { $subtract: ['$until', 10_000] } } }];
  await database.db.model(LEASES).collection.updateMany({}, later);
  await alive.renew();
  expect(ownedBy(alive)).toEqual(ALL);
});
