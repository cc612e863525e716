import { mkdtemp, rm } from 'node:fs/promises';
import * as os from 'node:os';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { until } from '../tests/servers/until';
import { keepRunning } from './keep-running';
import { startMongod } from './start-mongod';

test('a server that is killed comes back by itself on the same port with its data', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-keep-'));
  const lines: string[] = [];
  const start = (port: number) =>
    startMongod({ binary: process.env.TEST_MONGOD_BIN ?? '', dataDir: join(folder, 'db'), port });
  const kept = await keepRunning({
    title: 'MongoDB',
    port: 0,
    logFile: 'none',
    start,
    tell: (line) => lines.push(line),
  });
  try {
    const options = { runtimeAdapters: { os } } as mongoose.ConnectOptions;
    const connection = await mongoose.createConnection(kept.first.url, options).asPromise();
    await connection.collection('things').insertOne({ n: 1 });
    kept.first.kill('SIGKILL');
    await until('the line that it runs again', () => lines.find((line) => line.includes('runs again')));
    expect(await until('the data', () => connection.collection('things').findOne({ n: 1 }))).toMatchObject({ n: 1 });
    await connection.close();
  } finally {
    await kept.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
