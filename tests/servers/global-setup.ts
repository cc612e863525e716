import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { type BinaryName, findBinary } from '../../embedded/find-binary';
import { startMongod } from '../../embedded/start-mongod';
import { startTemporal } from '../../embedded/start-temporal';
import { FAILURE_CONVERTER } from '../../lib/secrets/payload-codec';
import { endAll, endLater } from './running-servers';

const CACHE_DIR = join(homedir(), '.cache', 'hookline');
const WORKFLOWS_PATH = resolve(__dirname, '..', '..', 'workflows', 'index.ts');

/** Real servers for one run of the tests: started once, in a folder of their own, told to the tests by `TEST_*`. */
export default async function globalSetup(): Promise<void> {
  try {
    await startAll();
  } catch (error) {
    await endAll();
    throw error;
  }
}

async function startAll(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-tests-'));
  endLater(() => rm(folder, { recursive: true, force: true }));

  const mongodBinary = await find('mongod', process.env.MONGOD_BIN);
  const temporalBinary = await find('temporal', process.env.TEMPORAL_BIN);
  const testServerBinary = await find('temporal-test-server', process.env.TEMPORAL_TEST_SERVER_BIN);

  const mongod = await startMongod({ binary: mongodBinary, dataDir: join(folder, 'mongodb'), port: 0 });
  endLater(mongod.stop);
  const temporal = await startTemporal({ binary: temporalBinary, port: 0, logFile: join(folder, 'temporal.log') });
  endLater(temporal.stop);

  process.env.TEST_MONGOD_BIN = mongodBinary;
  process.env.TEST_TEMPORAL_BIN = temporalBinary;
  process.env.TEST_TEST_SERVER_BIN = testServerBinary;
  process.env.TEST_MONGODB_URL = mongod.url;
  process.env.TEST_TEMPORAL_ADDRESS = temporal.address;
  if (existsSync(WORKFLOWS_PATH)) process.env.TEST_WORKFLOW_BUNDLE = await bundleOnce(folder);
}

async function find(name: BinaryName, setting: string | undefined): Promise<string> {
  let lastSaid = '';
  const { path } = await findBinary(name, {
    setting,
    cacheDir: CACHE_DIR,
    onProgress: ({ what }) => {
      if (what !== lastSaid) process.stderr.write(`fetching ${what} ...\n`);
      lastSaid = what;
    },
  });
  return path;
}

async function bundleOnce(folder: string): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: WORKFLOWS_PATH,
    failureConverterPath: FAILURE_CONVERTER,
    logger: new DefaultLogger('WARN'),
  });
  const path = join(folder, 'workflow-bundle.js');
  await writeFile(path, code);
  return path;
}
