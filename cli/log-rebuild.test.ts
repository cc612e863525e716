import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openSystem, SECRET_KEYS, type TestSystem } from '../tests/servers/open-system';
import { rebuildLogCommand } from './log-rebuild';

let system: TestSystem;
beforeAll(async () => {
  system = await openSystem({ isWorking: false });
  process.env.MONGODB_URL = system.mongodbUrl;
  process.env.TEMPORAL_ADDRESS = process.env.TEST_TEMPORAL_ADDRESS;
  process.env.SECRET_KEYS = SECRET_KEYS;
  process.env.TASK_QUEUE_PREFIX = system.prefix;
});
afterAll(() => system.close());

const hasIndexes = async (): Promise<boolean> => {
  const names = (await system.db.connection.listCollections()).map(({ name }) => name);
  if (!names.includes('deliveries')) return false;
  return (await system.db.connection.collection('deliveries').indexes()).length > 1;
};

test('a dry run touches nothing; a run brings the lost collection back with its indexes', async () => {
  await system.db.connection.collection('deliveries').drop();
  await rebuildLogCommand({ dryRun: true, since: '2026-01-31' });
  expect(await hasIndexes()).toBe(false);
  await rebuildLogCommand({});
  expect(await hasIndexes()).toBe(true);
});

test('a --since that is no instant is refused with an example', async () => {
  await expect(rebuildLogCommand({ since: 'yesterday' })).rejects.toThrow(/--since must be .*2026-01-31/);
});
