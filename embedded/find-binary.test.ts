import { chmod, copyFile, link, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startScript } from '../tests/servers/start-script';
import { keepInCache } from './binary-cache';
import { findBinary } from './find-binary';

const mongod = process.env.TEST_MONGOD_BIN ?? '';
const temporal = process.env.TEST_TEMPORAL_BIN ?? '';
let folder: string;
let cacheDir: string;
let pathDir: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-find-test-'));
  [cacheDir, pathDir] = [join(folder, 'cache'), join(folder, 'bin')];
  await mkdir(cacheDir);
  await mkdir(pathDir);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function putProgram(path: string, says: string) {
  await writeFile(path, `#!/bin/sh\necho '${says}'\n`);
  await chmod(path, 0o755);
  return path;
}

async function putInCache(version: string) {
  const fetched = join(folder, 'fetched');
  await link(mongod, fetched).catch(() => copyFile(mongod, fetched));
  return keepInCache('mongod', cacheDir, { path: fetched, version });
}

/** Looks in a process of its own, with this PATH, and with nothing on the network that answers. */
async function findElsewhere(name: string) {
  const script = `
    const { findBinary } = load('embedded/find-binary');
    const [name, cacheDir] = args;
    await findBinary(name, { cacheDir }).then((found) => console.log(JSON.stringify(found)), (e) => console.log(e.message));
  `;
  await symlink('/usr/bin/env', join(pathDir, 'env'));
  const nowhere = 'http://127.0.0.1:9';
  const proxies = {
    HTTPS_PROXY: nowhere,
    https_proxy: nowhere,
    HTTP_PROXY: nowhere,
    http_proxy: nowhere,
    NO_PROXY: '',
  };
  return startScript(script, [name, cacheDir], { PATH: pathDir, ...proxies }).output;
}

test('a program named by a setting is used', async () => {
  const found = await findBinary('temporal', { setting: temporal, cacheDir });
  expect(found).toEqual({ path: temporal, foundIn: 'setting', version: expect.stringMatching(/^1\.\d+\.\d+$/) });
});

test('a setting that names nothing is refused with its path', async () => {
  const setting = join(folder, 'nothing');
  await expect(findBinary('mongod', { setting, cacheDir })).rejects.toThrow(`${setting} does not run here`);
});

test('a setting that names an old server is refused with both versions', async () => {
  const setting = await putProgram(join(folder, 'old'), 'temporal version 1.1.0 (Server 1.25.0, UI 2.30.0)');
  await expect(findBinary('temporal', { setting, cacheDir })).rejects.toThrow(
    'is too old: Temporal CLI needs 1.32.0 or newer, this is 1.25.0',
  );
});

test('a new enough program on the PATH is used', async () => {
  const path = await putProgram(join(pathDir, 'mongod'), 'db version v7.0.2');
  const found = JSON.parse(await findElsewhere('mongod'));
  expect(found).toEqual({ path, foundIn: 'path', version: '7.0.2' });
});

test('an old program on the PATH is passed over for the cache', async () => {
  await putProgram(join(pathDir, 'mongod'), 'db version v4.4.1');
  const { path } = await putInCache('6.0.5');
  const found = JSON.parse(await findElsewhere('mongod'));
  expect(found).toEqual({ path, foundIn: 'cache', version: '6.0.5' });
});

test('a damaged file in the cache is thrown away', async () => {
  const name = `mongod-6.0.5-${process.platform}-${process.arch}-${'0'.repeat(64)}`;
  await writeFile(join(cacheDir, name), 'half a file');
  expect(await findElsewhere('mongod')).toContain('could not be fetched');
  expect(await readdir(cacheDir)).toEqual([]);
});

test('two processes that keep the same binary leave one whole file', async () => {
  const copies = await Promise.all(
    ['a', 'b'].map(async (name) => {
      const path = join(folder, name);
      await writeFile(path, 'the same bytes');
      return { path, version: '1.0.0' };
    }),
  );
  const kept = await Promise.all(copies.map((copy) => keepInCache('temporal', cacheDir, copy)));
  expect(kept[0]).toEqual(kept[1]);
  expect(await readdir(cacheDir)).toHaveLength(1);
});

test.each([
  ['mongod', ['MONGOD_BIN', 'MONGODB_URL']],
  ['temporal', ['TEMPORAL_BIN', 'TEMPORAL_ADDRESS']],
  ['temporal-test-server', ['TEMPORAL_TEST_SERVER_BIN']],
])('%s, where nothing can be fetched, fails within seconds and names the settings', async (name, settings) => {
  const startedAt = performance.now();
  const sentence = await findElsewhere(name);
  expect(performance.now() - startedAt).toBeLessThan(20_000);
  expect(sentence).toContain('was not found and could not be fetched');
  for (const setting of settings) expect(sentence).toContain(setting);
});
