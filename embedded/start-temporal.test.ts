import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { isOlder } from './probe-version';
import { startTemporal, type TemporalOptions } from './start-temporal';
import { TEMPORAL_DYNAMIC_CONFIG } from './temporal-settings';

const binary = process.env.TEST_TEMPORAL_BIN ?? '';
const ends: (() => Promise<unknown>)[] = [];
let dataFile: string;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-temporal-test-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  dataFile = join(folder, 'temporal.db');
});

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(options: Partial<TemporalOptions> = {}) {
  const server = await startTemporal({ binary, dataFile, port: 0, ...options });
  ends.push(server.stop);
  return server;
}

async function connect(address: string) {
  const connection = await Connection.connect({ address });
  ends.push(() => connection.close());
  return connection;
}

test('the namespace answers, with a new enough server, our search attributes and 30 days of retention', async () => {
  const connection = await connect((await start()).address);
  const { serverVersion } = await connection.workflowService.getSystemInfo({});
  expect(isOlder(serverVersion ?? '', '1.32.0')).toBe(false);

  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
  expect(Object.keys(customAttributes ?? {}).sort()).toEqual(['AccountId', 'MapId', 'RecordId', 'WebhookId']);

  const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 86_400);
});

test('the server complains about no setting', async () => {
  const server = await start({ logLevel: 'warn' });
  await server.stop();
  expect(await server.readOutput()).not.toMatch(/Failed to convert value/i);
});

test('the server knows every setting by name: it says nothing about one that it does not know', async () => {
  const program = await readFile(binary);
  const unknown = Object.keys(TEMPORAL_DYNAMIC_CONFIG).filter((key) => !program.includes(key));
  expect(unknown).toEqual([]);
});

test('a workflow survives kill -9 and a restart on the same port', async () => {
  const first = await start();
  const client = new Client({ connection: await connect(first.address) });
  const handle = await client.workflow.start('nobody-runs-this', { taskQueue: 'none', workflowId: 'kept' });
  first.kill('SIGKILL');
  expect(await first.exited).toBe(137);

  const second = await start({ port: first.port });
  expect(second.address).toBe(first.address);
  const after = new Client({ connection: await connect(second.address) });
  expect((await after.workflow.getHandle('kept').describe()).runId).toBe(handle.firstExecutionRunId);
});

test('search attributes added later reach a database that exists already', async () => {
  const first = await start({ searchAttributes: { MapId: 'Keyword' } });
  await first.stop();
  const connection = await connect((await start()).address);
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
  expect(Object.keys(customAttributes ?? {}).sort()).toEqual(['AccountId', 'MapId', 'RecordId', 'WebhookId']);
});

test('the Web UI answers on the port that is told', async () => {
  const server = await start({ uiPort: 0 });
  const answer = await fetch(server.uiUrl ?? '');
  expect(answer.status).toBe(200);
});

test('taken ports lead to others', async () => {
  const first = await start({ uiPort: 0 });
  const uiPort = Number(new URL(first.uiUrl ?? '').port);
  const second = await startTemporal({ binary, port: first.port, uiPort });
  ends.push(second.stop);
  expect(second.address).not.toBe(first.address);
  expect(second.uiUrl).not.toBe(first.uiUrl);
});

test('a flag that the program refuses is told with what it says', async () => {
  await expect(start({ searchAttributes: { MapId: 'Nonsense' } })).rejects.toThrow(/Temporal did not start.*Nonsense/s);
});
