import { Connection } from '@temporalio/client';
import { isAnswering } from './choose-port';
import { makeTemporaryLog, type RunningServer, spawnGuarded } from './spawn-guarded';
import { giveUp, startOnPort } from './start-on-port';
import { waitUntil } from './wait-until';

const START_MS_MAX = 30_000;

/**
 * Starts Temporal's time-skipping test server; what it lacks is in the project's pages about tests.
 *
 * @throws EmbeddedError `embedded.not-started` with what it logged
 */
export async function startTestServer(options: {
  binary: string;
  /** preferred; 0 = any free */
  port: number;
  /** absent = a temporary file */
  logFile?: string;
}): Promise<RunningServer & { address: string }> {
  const { logFile, remove } = options.logFile === undefined ? await makeTemporaryLog() : { logFile: options.logFile };
  return startOnPort(options.port, async (port) => {
    const server = await spawnGuarded(options.binary, [String(port)], logFile);
    let isGone = false;
    void server.exited.then(() => {
      isGone = true;
    });
    const address = `127.0.0.1:${port}`;
    const answers = async () => {
      const connection = await Connection.connect({ address, connectTimeout: '3s' });
      await connection.close();
      return true;
    };
    try {
      await waitUntil(
        async () => (await isAnswering(port)) || null,
        START_MS_MAX,
        () => isGone,
      );
      await waitUntil(answers, START_MS_MAX, () => isGone);
    } catch (error) {
      throw await giveUp('The Temporal test server', server, logFile, error);
    }
    if (remove !== undefined) void server.exited.then(remove);
    return { ...server, port, address };
  });
}
