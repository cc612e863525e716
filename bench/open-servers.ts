import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBinary } from '../embedded/find-binary';
import { startMongod } from '../embedded/start-mongod';
import { startTemporal } from '../embedded/start-temporal';
import type { Config } from '../lib/config';

/** MongoDB and Temporal of one run, in a folder that goes with it. */
export interface Servers {
  mongodbUrl: string;
  temporalAddress: string;
  pids: { mongodb: number; temporal: number };
  versions: { mongodb: string; temporal: string };
  dataDir: string;
  close(): Promise<void>;
}

/** Starts both as `npm start` does, on free ports, with their data in a folder of their own. */
export async function openServers(config: Config): Promise<Servers> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hookline-bench-'));
  const cacheDir = config.CACHE_DIR;
  const mongodFound = await findBinary('mongod', { setting: config.MONGOD_BIN, cacheDir });
  const temporalFound = await findBinary('temporal', { setting: config.TEMPORAL_BIN, cacheDir });
  const mongod = await startMongod({ binary: mongodFound.path, dataDir: join(dataDir, 'mongodb'), port: 0 });
  const temporal = await startTemporal({
    binary: temporalFound.path,
    dataFile: join(dataDir, 'temporal', 'temporal.db'),
    port: 0,
  });
  const url = new URL(mongod.url);
  url.pathname = '/bench';
  return {
    mongodbUrl: url.href,
    temporalAddress: temporal.address,
    pids: { mongodb: mongod.pid, temporal: temporal.pid },
    versions: { mongodb: mongodFound.version, temporal: temporalFound.version },
    dataDir,
    async close() {
      await Promise.all([mongod.stop(), temporal.stop()]);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
