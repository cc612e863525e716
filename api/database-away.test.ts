import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startMongod } from '../embedded/start-mongod';
import { openTestApi, problemOf, type TestApi } from '../tests/servers/open-test-api';
import { until } from '../tests/servers/until';

const start = (port: number) => startMongod({ binary: process.env.TEST_MONGOD_BIN ?? '', dataDir: folder, port });

let folder: string;
let mongod: Awaited<ReturnType<typeof startMongod>>;
let api: TestApi;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-away-'));
  mongod = await start(0);
  api = await openTestApi({ mongodbUrl: mongod.url });
});
afterAll(async () => {
  await api.close();
  await mongod.stop();
  await rm(folder, { recursive: true, force: true });
});

test('while MongoDB is away every request says so, and is served again when it is back', async () => {
  expect((await fetch(`${api.url}/health`)).status).toBe(200);
  await api.ada.call('GET', '/v1/records');
  await mongod.stop();

  expect((await fetch(`${api.url}/health`)).status).toBe(503);
  const attempts = [
    ['GET', '/v1/records', undefined],
    ['POST', '/v1/records', {}],
    ['GET', '/v1/health', undefined],
  ] as const;
  for (const [method, path, body] of attempts) {
    const answer = await api.ada.call(method, path, body);
    expect([path, answer.status, problemOf(answer).code]).toEqual([path, 503, 'database.unavailable']);
    expect(answer.headers.get('retry-after')).toBe('1');
  }
  const stranger = await api.ada.call('GET', '/v1/records', undefined, { headers: { 'api-key': 'another' } });
  expect(stranger.status).toBe(503);
  expect((await fetch(`${api.url}/openapi.json`)).status).toBe(200);

  mongod = await start(Number(new URL(mongod.url).port));
  await until('MongoDB to be found again', async () => (await fetch(`${api.url}/health`)).status === 200);
  expect((await api.ada.call('POST', '/v1/records', {})).status).toBe(201);
});
