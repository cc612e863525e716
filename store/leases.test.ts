import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '../tests/servers/open-test-database';
import { claimLease, findLeases, insertLeases, LEASES, releaseLeases } from './leases';

let database: TestDatabase;
let names = 0;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

async function makeLease(): Promise<string> {
  const name = `share:${names++}`;
  await insertLeases(database.db, [name]);
  return name;
}
const claim = (name: string, owner: string, forMs = 60_000): Promise<boolean> =>
  claimLease(database.db, { name, owner, forMs });
const ownerOf = async (name: string): Promise<string | undefined> =>
  (await findLeases(database.db)).find(({ _id }) => _id === name)?.owner;

test('of many who claim a free lease at once, exactly one gets it', async () => {
  const name = await makeLease();
  const owners = Array.from({ length: 30 }, (_, n) => `owner ${n}`);
  const won = await Promise.all(owners.map((owner) => claim(name, owner)));
  expect(won.filter(Boolean)).toHaveLength(1);
  expect(await ownerOf(name)).toBe(owners[won.indexOf(true)]);
});

test('who holds a lease renews it, and nobody else takes it meanwhile', async () => {
  const name = await makeLease();
  expect([await claim(name, 'a'), await claim(name, 'b'), await claim(name, 'a')]).toEqual([true, false, true]);
});

test('a lease that has run out is no longer listed, and may be taken', async () => {
  const name = await makeLease();
  await claim(name, 'a', -1);
  expect(await ownerOf(name)).toBeUndefined();
  expect(await claim(name, 'b')).toBe(true);
});

test('a released lease may be taken at once; one released by another stays', async () => {
  const name = await makeLease();
  await claim(name, 'a');
  await releaseLeases(database.db, 'b', [name]);
  expect(await claim(name, 'b')).toBe(false);
  await releaseLeases(database.db, 'a', [name]);
  expect(await claim(name, 'b')).toBe(true);
});

test('making leases known again leaves their owners alone', async () => {
  const name = await makeLease();
  await claim(name, 'a');
  await Promise.all(Array.from({ length: 10 }, () => insertLeases(database.db, [name, `${name} more`])));
  expect(await ownerOf(name)).toBe('a');
  expect(await database.db.model(LEASES).countDocuments({ _id: { $regex: `^${name}( more)?$` } })).toBe(2);
});

test('the clock of the database decides, not that of a process', async () => {
  const name = await makeLease();
  await claim(name, 'a');
  const wrong = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
  const isTaken = await claim(name, 'b');
  wrong.mockRestore();
  expect(isTaken).toBe(false);
});
