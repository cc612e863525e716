import { afterEach, expect, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { isAlive } from '../tests/servers/start-script';
import { startTestServer } from './start-test-server';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

test('the time-skipping server answers, and is gone after stop', async () => {
  const server = await startTestServer({ binary: process.env.TEST_TEST_SERVER_BIN ?? '', port: 0 });
  ends.push(server.stop);
  const connection = await Connection.connect({ address: server.address });
  ends.push(() => connection.close());
  await connection.workflowService.getSystemInfo({});

  await server.stop();
  expect(isAlive(server.pid)).toBe(false);
});
