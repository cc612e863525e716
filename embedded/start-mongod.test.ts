import { mkdtemp, rm } from 'node:fs/promises';
import * as os from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mongo } from 'mongoose';
import { choosePort } from './choose-port';
import { startMongod } from './start-mongod';

const binary = process.env.TEST_MONGOD_BIN ?? '';
const ends: (() => Promise<unknown>)[] = [];
let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(os.tmpdir(), 'hookline-mongod-test-'));
  ends.push(() => rm(dataDir, { recursive: true, force: true }));
});

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(port = 0) {
  const server = await startMongod({ binary, dataDir, port });
  ends.push(server.stop);
  return server;
}

async function connect(url: string) {
  const client = await new mongo.MongoClient(url, { runtimeAdapters: { os } }).connect();
  ends.push(() => client.close());
  return client;
}

test('a transaction commits whole, or not at all', async () => {
  const client = await connect((await start()).url);
  const [left, right] = [client.db('bank').collection('left'), client.db('bank').collection('right')];
  await client.withSession((session) =>
    session.withTransaction(async () => {
      await left.insertOne({ n: 1 }, { session });
      await right.insertOne({ n: 1 }, { session });
    }),
  );
  const broken = client.withSession((session) =>
    session.withTransaction(async () => {
      await left.insertOne({ n: 2 }, { session });
      throw new Error('changed my mind');
    }),
  );
  await expect(broken).rejects.toThrow('changed my mind');
  expect(await left.countDocuments()).toBe(1);
  expect(await right.countDocuments()).toBe(1);
});

test('a change stream tells what was written', async () => {
  const client = await connect((await start()).url);
  const notes = client.db('diary').collection<{ _id: string }>('notes');
  const stream = notes.watch();
  ends.push(() => stream.close());
  expect(await stream.tryNext()).toBeNull(); // opens the cursor
  await notes.insertOne({ _id: 'first' });
  expect(await stream.next()).toMatchObject({ operationType: 'insert', fullDocument: { _id: 'first' } });
});

test('data survive kill -9 and a restart on the same port', async () => {
  const first = await start();
  const before = await connect(first.url);
  await before
    .db('a')
    .collection('things')
    .insertOne({ kept: true }, { writeConcern: { w: 'majority', j: true } });
  first.kill('SIGKILL');
  expect(await first.exited).toBe(137);

  const second = await start(first.port);
  expect(second.port).toBe(first.port);
  expect(second.pid).not.toBe(first.pid);
  expect(await before.db('a').collection('things').countDocuments({ kept: true })).toBe(1);
});

test('data survive kill -9 and a restart on another port, where it becomes primary again', async () => {
  const first = await start();
  const before = await connect(first.url);
  await before
    .db('a')
    .collection('things')
    .insertOne({ kept: true }, { writeConcern: { w: 'majority', j: true } });
  first.kill('SIGKILL');
  await first.exited;

  const second = await start(await choosePort(0));
  expect(second.port).not.toBe(first.port);
  const after = await connect(second.url);
  expect(await after.db('a').collection('things').countDocuments({ kept: true })).toBe(1);
  await after.db('a').collection('things').insertOne({ more: true });
});

test('a taken port leads to another one', async () => {
  const first = await start();
  const elsewhere = await startMongod({ binary, dataDir: join(dataDir, 'other'), port: first.port });
  ends.push(elsewhere.stop);
  expect(elsewhere.port).not.toBe(first.port);
});

test('a data folder in use is refused with what the log says', async () => {
  await start();
  await expect(startMongod({ binary, dataDir, port: 0, logFile: join(dataDir, 'second.log') })).rejects.toThrow(
    /MongoDB did not start.*DBPathInUse/s,
  );
});

test('stop ends a server that was stopped by a signal', async () => {
  const server = await start();
  server.kill('SIGSTOP');
  await server.stop();
  expect(await server.exited).not.toBeNull();
});
