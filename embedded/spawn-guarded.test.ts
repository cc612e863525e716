import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isAlive, startScript } from '../tests/servers/start-script';
import { spawnGuarded } from './spawn-guarded';
import { waitUntil } from './wait-until';

let folder: string;
const logFile = () => join(folder, 'log');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-guard-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const untilGone = (pids: number[]) => waitUntil(async () => pids.every((pid) => !isAlive(pid)) || null, 20_000);

const START_BOTH = `
  const [folder, mongod, temporal] = args;
  const servers = [
    await load('embedded/start-mongod').startMongod({ binary: mongod, dataDir: folder, port: 0 }),
    await load('embedded/start-temporal').startTemporal({ binary: temporal, port: 0, logFile: folder + '/t.log' }),
  ];
  console.log(JSON.stringify(servers.map((server) => server.pid)));
`;
const startBoth = (rest = '') =>
  startScript(START_BOTH + rest, [folder, process.env.TEST_MONGOD_BIN ?? '', process.env.TEST_TEMPORAL_BIN ?? '']);

test('MongoDB and Temporal end when their parent is killed with -9', async () => {
  const parent = startBoth();
  const pids = JSON.parse(await parent.firstLine) as number[];
  expect(pids.map(isAlive)).toEqual([true, true]);
  parent.process.kill('SIGKILL');
  await untilGone(pids);
});

test('they end when their parent ends without stopping them', async () => {
  const parent = startBoth('process.exit(0);');
  await untilGone(JSON.parse(await parent.firstLine) as number[]);
});

test('they end with their parent even while they are stopped by a signal', async () => {
  const parent = startBoth("for (const server of servers) server.kill('SIGSTOP');");
  const pids = JSON.parse(await parent.firstLine) as number[];
  parent.process.kill('SIGKILL');
  await untilGone(pids);
});

test('the process id is that of the program, and the exit code is its own', async () => {
  const child = await spawnGuarded('/bin/sh', ['-c', 'echo $$; exit 7'], logFile());
  expect(await child.exited).toBe(7);
  expect((await child.readOutput()).trim()).toBe(String(child.pid));
});

test('the program ends when its guard is killed', async () => {
  const child = await spawnGuarded('/bin/sh', ['-c', 'echo $PPID; exec sleep 600'], logFile());
  const guard = await waitUntil(async () => Number((await child.readOutput()).trim()) || null, 5_000);
  process.kill(guard, 'SIGKILL');
  await child.exited;
  await untilGone([child.pid]);
});

test('a signal meant for the program leaves the guard alone', async () => {
  const script = 'trap "echo got it; exit 3" USR1; echo ready; while :; do sleep 0.05; done';
  const child = await spawnGuarded('/bin/sh', ['-c', script], logFile());
  await waitUntil(async () => (await child.readOutput()).includes('ready') || null, 5_000);
  child.kill('SIGUSR1');
  expect(await child.exited).toBe(3);
  expect(await child.readOutput()).toContain('got it');
});

test('a program that does not exist ends at once', async () => {
  const child = await spawnGuarded(join(folder, 'nothing'), [], logFile());
  expect(await child.exited).toBe(127);
});
