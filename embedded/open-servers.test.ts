import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isAlive, startScript } from '../tests/servers/start-script';
import { isAnswering } from './choose-port';
import { type OpenServersOptions, openServers } from './open-servers';
import { AlreadyRunning } from './take-lock';
import { waitUntil } from './wait-until';

const binaries = { mongod: process.env.TEST_MONGOD_BIN ?? '', temporal: process.env.TEST_TEMPORAL_BIN ?? '' };
const ends: (() => Promise<unknown>)[] = [];
let dataDir: string;
let lines: string[];

beforeEach(async () => {
  lines = [];
  dataDir = await mkdtemp(join(tmpdir(), 'hookline-open-test-'));
  ends.push(() => rm(dataDir, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function open(options: Partial<OpenServersOptions> = {}) {
  const ports = { mongodb: 0, temporal: 0, temporalUi: 0 };
  const onLine = (line: string) => void lines.push(line);
  const cacheDir = join(dataDir, 'cache');
  const servers = await openServers({ dataDir, cacheDir, external: {}, binaries, ports, onLine, ...options });
  ends.push(servers.close);
  return servers;
}

const portOf = (address: string) => Number(/:(\d+)/.exec(address.replace(/^\w+:/, ''))?.[1]);

test('both servers answer where they are said to, and close stops them', async () => {
  const servers = await open();
  const addresses = [servers.mongodbUrl, servers.temporalAddress, servers.temporalUiUrl ?? ''];
  expect(await Promise.all(addresses.map((address) => isAnswering(portOf(address))))).toEqual([true, true, true]);
  for (const address of addresses) expect(lines.join('\n')).toContain(address);

  await servers.close();
  expect(await Promise.all(addresses.map((address) => isAnswering(portOf(address))))).toEqual([false, false, false]);
  expect(lines.join('\n')).not.toContain('ended by itself');
});

test('taken ports are left alone, and the person is told which ones are used instead', async () => {
  const first = await open();
  const taken = {
    mongodb: portOf(first.mongodbUrl),
    temporal: portOf(first.temporalAddress),
    temporalUi: portOf(first.temporalUiUrl ?? ''),
  };
  const second = await open({ dataDir: join(dataDir, 'second'), ports: taken });
  const said = lines.join('\n');
  expect(said).toContain(`Port ${taken.mongodb} is taken, so MongoDB uses ${portOf(second.mongodbUrl)}.`);
  expect(said).toContain(`Port ${taken.temporal} is taken, so Temporal uses ${portOf(second.temporalAddress)}.`);
  expect(said).toContain(`Port ${taken.temporalUi} is taken, so Temporal's Web UI uses`);
});

test('a second one on the same data folder is refused with process id and address of the first', async () => {
  const first = await open();
  first.announce('http://127.0.0.1:8080');
  const refusal = await open().catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(AlreadyRunning);
  expect(refusal).toMatchObject({ holder: { pid: process.pid, address: 'http://127.0.0.1:8080' } });
  expect(String(refusal)).toContain(
    `is running already on ${dataDir}: process ${process.pid} at http://127.0.0.1:8080`,
  );
});

test('the data folder is free again after the first was killed with -9', async () => {
  const script = `
    const [dataDir, mongod, temporal] = args;
    const options = { dataDir, cacheDir: dataDir, external: {}, binaries: { mongod, temporal }, onLine: () => {} };
    const ports = { mongodb: 0, temporal: 0, temporalUi: 0 };
    const servers = await load('embedded/open-servers').openServers({ ...options, ports });
    console.log(servers.mongodbUrl);
  `;
  const first = startScript(script, [dataDir, binaries.mongod, binaries.temporal]);
  const url = await first.firstLine;
  await expect(open()).rejects.toThrow(`process ${first.process.pid}`);
  first.process.kill('SIGKILL');
  await waitUntil(async () => ((await isAnswering(portOf(url))) ? null : true), 20_000);
  expect(isAlive(first.process.pid ?? 0)).toBe(false);
  await open();
});

test('external servers are used and none is started', async () => {
  const external = { mongodbUrl: 'mongodb://user:secret@db.example/', temporalAddress: 'temporal.example:7233' };
  const servers = await open({ external, binaries: { mongod: '/nowhere', temporal: '/nowhere' } });
  expect(servers).toMatchObject({ ...external, temporalUiUrl: undefined });
  expect(lines.join('\n')).not.toContain('secret');
});

test('when one server fails to start, the other is not left running and the data folder is free', async () => {
  const dataFile = join(dataDir, 'temporal', 'temporal.db');
  await mkdir(join(dataDir, 'temporal'));
  await writeFile(dataFile, 'this is not a database');
  await expect(open()).rejects.toThrow('Temporal did not start');
  const [url] = /mongodb:\S+/.exec(lines.join('\n')) ?? [];
  if (url !== undefined) expect(await isAnswering(portOf(url))).toBe(false);

  await rm(dataFile);
  await open();
});
