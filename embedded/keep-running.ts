import { pause } from '../lib/clock';
import { sentenceOf } from '../lib/errors';
import type { RunningServer } from './spawn-guarded';

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 30_000;

/** A server that is started again, on its port and data, whenever it ends by itself. */
export interface KeptServer<S extends RunningServer> {
  first: S;
  stop(): Promise<void>;
}

/**
 * Starts a server and keeps it running: who uses it sees a pause, not an end.
 *
 * @param start      takes the port to be on: the preferred one first, then the one it got
 * @param tell       one readable line each time it ends and comes back
 * @throws EmbeddedError when it does not come up the first time
 */
export async function keepRunning<S extends RunningServer>(parts: {
  title: string;
  port: number;
  logFile: string;
  start: (port: number) => Promise<S>;
  tell: (line: string) => void;
}): Promise<KeptServer<S>> {
  const { title, logFile, start, tell } = parts;
  const first = await start(parts.port);
  const stopping = new AbortController();
  let current: S | null = first;

  const startAgain = async (): Promise<S | null> => {
    for (let waitMs = FIRST_WAIT_MS; !stopping.signal.aborted; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
      await pause(waitMs, stopping.signal);
      if (stopping.signal.aborted) return null;
      try {
        return await start(first.port);
      } catch (error) {
        tell(`${title} did not start again: ${sentenceOf(error)}`);
      }
    }
    return null;
  };

  const run = async (): Promise<void> => {
    while (current) {
      const code = await current.exited;
      if (stopping.signal.aborted) return;
      tell(`${title} ended by itself (exit code ${code}; its log is ${logFile}) and is started again.`);
      current = await startAgain();
      if (current && !stopping.signal.aborted) tell(`${title} runs again.`);
    }
  };
  const running = run();
  return {
    first,
    async stop() {
      stopping.abort();
      await current?.stop();
      await running;
      await current?.stop();
    },
  };
}
