import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Connection } from '@temporalio/client';
import { checkTemporal } from './check-temporal';
import { choosePort, isAnswering } from './choose-port';
import { EmbeddedError } from './embedded-error';
import { prepareNamespace } from './prepare-namespace';
import { makeTemporaryLog, type RunningServer, spawnGuarded } from './spawn-guarded';
import { giveUp, startOnPort } from './start-on-port';
import {
  NAMESPACE,
  RETENTION_DAYS,
  SEARCH_ATTRIBUTES,
  SQLITE_PRAGMAS,
  TEMPORAL_DYNAMIC_CONFIG,
} from './temporal-settings';
import { waitUntil } from './wait-until';

/** How to start a Temporal server with the Temporal CLI. */
export interface TemporalOptions {
  binary: string;
  /** SQLite file; absent = in memory */
  dataFile?: string;
  /** preferred; 0 = any free */
  port: number;
  /** preferred port of the Web UI, 0 = any free; absent = no Web UI */
  uiPort?: number;
  /** absent = beside the data file; in memory: a temporary file */
  logFile?: string;
  /** `error` if absent */
  logLevel?: 'error' | 'warn';
  /** how long closed workflows are kept; 30 if absent */
  retentionDays?: number;
  /** name to Temporal's type name; ours if absent */
  searchAttributes?: Record<string, string>;
  /** where the Web UI gets payloads decoded */
  uiCodecEndpoint?: string;
}

const START_MS_MAX = 60_000;

/**
 * Starts a Temporal server with our server settings and waits until its namespace answers with our search attributes
 * and retention, and the settings are seen to be in force.
 *
 * @throws EmbeddedError `embedded.not-started` with the end of its log, `embedded.wrong-version`
 */
export async function startTemporal(
  options: TemporalOptions,
): Promise<RunningServer & { address: string; uiUrl?: string }> {
  if (options.dataFile !== undefined) await mkdir(dirname(options.dataFile), { recursive: true });
  const { logFile, remove } = await chooseLog(options);
  return startOnPort(options.port, async (port) => {
    const uiPort = options.uiPort === undefined ? undefined : await choosePort(options.uiPort);
    const server = await spawnGuarded(options.binary, buildArgs(options, port, uiPort), logFile);
    let isGone = false;
    void server.exited.then(() => {
      isGone = true;
    });
    const address = `127.0.0.1:${port}`;
    try {
      await waitUntil(
        async () => (await isAnswering(port)) || null,
        START_MS_MAX,
        () => isGone,
      );
      const problems = await waitUntil(
        () => prepareAndCheck(address, options),
        START_MS_MAX,
        () => isGone,
      );
      if (problems.length > 0) throw new EmbeddedError('embedded.wrong-version', problems.join(' '));
    } catch (error) {
      throw await giveUp('Temporal', server, logFile, error);
    }
    if (remove !== undefined) void server.exited.then(remove);
    return { ...server, port, address, ...(uiPort === undefined ? {} : { uiUrl: `http://127.0.0.1:${uiPort}` }) };
  });
}

async function prepareAndCheck(address: string, options: TemporalOptions): Promise<string[]> {
  const searchAttributes = options.searchAttributes ?? SEARCH_ATTRIBUTES;
  const connection = await Connection.connect({ address, connectTimeout: '3s' });
  try {
    await connection.workflowService.describeNamespace({ namespace: NAMESPACE });
    const retentionDays = options.retentionDays ?? RETENTION_DAYS;
    await prepareNamespace(connection, { namespace: NAMESPACE, searchAttributes, retentionDays });
    return await checkTemporal(connection, { namespace: NAMESPACE, searchAttributes });
  } finally {
    await connection.close();
  }
}

function buildArgs(options: TemporalOptions, port: number, uiPort: number | undefined): string[] {
  const searchAttributes = options.searchAttributes ?? SEARCH_ATTRIBUTES;
  const config = Object.entries(TEMPORAL_DYNAMIC_CONFIG).map(([key, value]) => [key, JSON.stringify(value)] as const);
  const place = ['--ip', '127.0.0.1', '--port', String(port), '--namespace', NAMESPACE];
  const log = ['--log-level', options.logLevel ?? 'error', '--log-format', 'json'];
  const data = options.dataFile === undefined ? [] : ['--db-filename', options.dataFile];
  const ui = uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort), '--ui-disable-news-fetch'];
  const codec = options.uiCodecEndpoint === undefined ? [] : ['--ui-codec-endpoint', options.uiCodecEndpoint];
  const pragmas = options.dataFile === undefined ? [] : flagPairs('--sqlite-pragma', Object.entries(SQLITE_PRAGMAS));
  return [
    ...['server', 'start-dev', ...place, ...log, ...data, ...pragmas, ...ui, ...codec],
    ...flagPairs('--search-attribute', Object.entries(searchAttributes)),
    ...flagPairs('--dynamic-config-value', config),
  ];
}

function flagPairs(flag: string, pairs: (readonly [string, string])[]): string[] {
  return pairs.flatMap(([key, value]) => [flag, `${key}=${value}`]);
}

async function chooseLog(options: TemporalOptions): Promise<{ logFile: string; remove?: () => Promise<void> }> {
  if (options.logFile !== undefined) return { logFile: options.logFile };
  if (options.dataFile !== undefined) return { logFile: `${options.dataFile}.log` };
  return makeTemporaryLog();
}
