import { join } from 'node:path';
import { findBinary } from './find-binary';
import { keepRunning } from './keep-running';
import { showProgress } from './show-progress';
import { startMongod } from './start-mongod';
import { startTemporal } from './start-temporal';
import { takeLock } from './take-lock';

/** What to open, and what is there already. */
export interface OpenServersOptions {
  dataDir: string;
  cacheDir: string;
  /** servers that run elsewhere; each present one is used and not started here */
  external: { mongodbUrl?: string; temporalAddress?: string; temporalUiUrl?: string };
  /** paths the person set */
  binaries: { mongod?: string; temporal?: string };
  /** preferred */
  ports: { mongodb: number; temporal: number; temporalUi: number };
  uiCodecEndpoint?: string;
  /** one readable line per thing the person should know */
  onLine: (line: string) => void;
}

/** Servers that answer. */
export interface OpenServers {
  mongodbUrl: string;
  temporalAddress: string;
  temporalUiUrl: string | undefined;
  /** what a second start on the same data folder shall be told as our address */
  announce(address: string): void;
  /** stops what was started here, and gives the data folder free */
  close(): Promise<void>;
}

/**
 * Opens MongoDB and Temporal: the external ones, or our own under the data folder. Only one at a time may do so on a
 * data folder.
 *
 * @throws AlreadyRunning, EmbeddedError; then nothing is left running
 */
export async function openServers(options: OpenServersOptions): Promise<OpenServers> {
  const lock = await takeLock(options.dataDir);
  const ends: (() => Promise<void>)[] = [lock.release];
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const found = await findBoth(options);
    const [mongodb, temporal] = await Promise.allSettled([
      openMongodb(options, found.mongod, ends),
      openTemporal(options, found.temporal, ends),
    ]);
    if (mongodb.status === 'rejected') throw mongodb.reason;
    if (temporal.status === 'rejected') throw temporal.reason;
    lock.announce(`${temporal.value.temporalUiUrl ?? temporal.value.temporalAddress} (Temporal)`);
    return { ...mongodb.value, ...temporal.value, announce: lock.announce, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Found {
  path: string;
  version: string;
}

/** Both programs are found before either server starts: a fetch that fails leaves nothing to stop. */
async function findBoth(options: OpenServersOptions): Promise<{ mongod: Found | null; temporal: Found | null }> {
  const { cacheDir, external, binaries } = options;
  const progress = showProgress(options.onLine);
  const { onProgress } = progress;
  try {
    const needsMongod = external.mongodbUrl === undefined;
    const needsTemporal = external.temporalAddress === undefined;
    return {
      mongod: needsMongod ? await findBinary('mongod', { setting: binaries.mongod, cacheDir, onProgress }) : null,
      temporal: needsTemporal
        ? await findBinary('temporal', { setting: binaries.temporal, cacheDir, onProgress })
        : null,
    };
  } finally {
    progress.end();
  }
}

async function openMongodb(
  { dataDir, external, ports, onLine }: OpenServersOptions,
  found: Found | null,
  ends: (() => Promise<void>)[],
): Promise<Pick<OpenServers, 'mongodbUrl'>> {
  if (found === null) {
    onLine('MongoDB: the one MONGODB_URL names.');
    return { mongodbUrl: external.mongodbUrl ?? '' };
  }
  const [folder, logFile] = [join(dataDir, 'mongodb'), join(dataDir, 'logs', 'mongodb.log')];
  const start = (port: number) => startMongod({ binary: found.path, dataDir: folder, port, logFile });
  const kept = await keepRunning({ title: 'MongoDB', port: ports.mongodb, logFile, start, tell: onLine });
  ends.push(kept.stop);
  const server = kept.first;
  tellPort('MongoDB', ports.mongodb, server.port, onLine);
  onLine(`MongoDB ${found.version} at ${server.url}, data in ${folder}.`);
  return { mongodbUrl: server.url };
}

async function openTemporal(
  { dataDir, external, ports, uiCodecEndpoint, onLine }: OpenServersOptions,
  found: Found | null,
  ends: (() => Promise<void>)[],
): Promise<Pick<OpenServers, 'temporalAddress' | 'temporalUiUrl'>> {
  if (found === null) {
    onLine(`Temporal: the one at ${external.temporalAddress}, which TEMPORAL_ADDRESS names.`);
    return { temporalAddress: external.temporalAddress ?? '', temporalUiUrl: external.temporalUiUrl };
  }
  const [dataFile, logFile] = [join(dataDir, 'temporal', 'temporal.db'), join(dataDir, 'logs', 'temporal.log')];
  let uiPort = ports.temporalUi;
  const start = async (port: number) => {
    const options = { binary: found.path, dataFile, logFile, port, uiPort };
    const started = await startTemporal({ ...options, ...(uiCodecEndpoint === undefined ? {} : { uiCodecEndpoint }) });
    uiPort = Number(new URL(started.uiUrl ?? 'http://127.0.0.1').port);
    return started;
  };
  const kept = await keepRunning({ title: 'Temporal', port: ports.temporal, logFile, start, tell: onLine });
  ends.push(kept.stop);
  const server = kept.first;
  tellPort('Temporal', ports.temporal, server.port, onLine);
  tellPort("Temporal's Web UI", ports.temporalUi, uiPort, onLine);
  onLine(`Temporal ${found.version} at ${server.address}, Web UI ${server.uiUrl}, data in ${dataFile}.`);
  return { temporalAddress: server.address, temporalUiUrl: server.uiUrl };
}

function tellPort(title: string, preferred: number, port: number, onLine: (line: string) => void): void {
  if (preferred !== 0 && preferred !== port) onLine(`Port ${preferred} is taken, so ${title} uses ${port}.`);
}
