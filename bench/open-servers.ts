import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBinary } from '../embedded/find-binary';
import type { RunningServer } from '../embedded/spawn-guarded';
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
  /** SIGKILL, and a new start on the same port and data; resolves when it answers again */
  restart(which: 'mongodb' | 'temporal'): Promise<void>;
  close(): Promise<void>;
}

/** Starts both as `npm start` does, on free ports, with their data in a folder of their own. */
export async function openServers(config: Config): Promise<Servers> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hookline-bench-'));
  const cacheDir = config.CACHE_DIR;
  const mongodFound = await findBinary('mongod', { setting: config.MONGOD_BIN, cacheDir });
  const temporalFound = await findBinary('temporal', { setting: config.TEMPORAL_BIN, cacheDir });
  const start = {
    mongodb: (port: number) => startMongod({ binary: mongodFound.path, dataDir: join(dataDir, 'mongodb'), port }),
    temporal: (port: number) =>
      startTemporal({ binary: temporalFound.path, dataFile: join(dataDir, 'temporal', 'temporal.db'), port }),
  };
  const mongod = await start.mongodb(0);
  const temporal = await start.temporal(0);
  const running: Record<'mongodb' | 'temporal', RunningServer> = { mongodb: mongod, temporal };
  const url = new URL(mongod.url);
  url.pathname = '/bench';
  return {
    mongodbUrl: url.href,
    temporalAddress: temporal.address,
    get pids() {
      return { mongodb: running.mongodb.pid, temporal: running.temporal.pid };
    },
    versions: { mongodb: mongodFound.version, temporal: temporalFound.version },
    dataDir,
    async restart(which) {
      const { port, kill, exited } = running[which];
      kill('SIGKILL');
      await exited;
      running[which] = await start[which](port);
      if (running[which].port !== port) throw new Error(`${which} came back on another port`);
    },
    async close() {
      await Promise.all([running.mongodb.stop(), running.temporal.stop()]);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
