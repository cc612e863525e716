import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isAnswering } from './choose-port';
import { becomePrimary, REPLICA_SET } from './open-replica-set';
import { type RunningServer, spawnGuarded } from './spawn-guarded';
import { giveUp, startOnPort } from './start-on-port';
import { waitUntil } from './wait-until';

export type { RunningServer } from './spawn-guarded';

/** How to start a mongod. */
export interface MongodOptions {
  binary: string;
  dataDir: string;
  /** preferred; 0 = any free */
  port: number;
  /** `mongod.log` in the data folder if absent */
  logFile?: string;
  /** added to ours, such as how data are compressed */
  args?: readonly string[];
}

/** After kill -9 of a large database, recovery comes first. */
const START_MS_MAX = 60_000;

/**
 * Starts mongod as a replica set of one, so that transactions and change streams work, and waits until it is primary.
 * Data that were last served on another port are taken along.
 *
 * @throws EmbeddedError `embedded.not-started` with the end of its log
 */
export async function startMongod(options: MongodOptions): Promise<RunningServer & { url: string }> {
  await mkdir(options.dataDir, { recursive: true });
  const logFile = options.logFile ?? join(options.dataDir, 'mongod.log');
  return startOnPort(options.port, async (port) => {
    const server = await spawnGuarded(
      options.binary,
      [...buildArgs(options.dataDir, port), ...(options.args ?? [])],
      logFile,
    );
    let isGone = false;
    void server.exited.then(() => {
      isGone = true;
    });
    try {
      await waitUntil(
        async () => (await isAnswering(port)) || null,
        START_MS_MAX,
        () => isGone,
      );
      await waitUntil(
        () => becomePrimary(port),
        START_MS_MAX,
        () => isGone,
      );
    } catch (error) {
      throw await giveUp('MongoDB', server, logFile, error);
    }
    return { ...server, port, url: `mongodb://127.0.0.1:${port}/?replicaSet=${REPLICA_SET}` };
  });
}

function buildArgs(dataDir: string, port: number): string[] {
  const place = ['--dbpath', dataDir, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'];
  const sizes = ['--wiredTigerCacheSizeGB', '1', '--oplogSize', '1024'];
  const quiet = ['--quiet', '--slowms', '1000', '--setParameter', 'diagnosticDataCollectionEnabled=false'];
  // What a killed process left open holds its records for this long, not for the default minute.
  const transactions = ['--setParameter', 'transactionLifetimeLimitSeconds=10'];
  return [...place, '--replSet', REPLICA_SET, ...sizes, ...quiet, ...transactions];
}
