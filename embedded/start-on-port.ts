import { sentenceOf } from '../lib/errors';
import { choosePort } from './choose-port';
import { EmbeddedError } from './embedded-error';
import type { GuardedProcess } from './spawn-guarded';

const TRIES = 4;
const LINES_MAX = 4;
const LINE_CHARS_MAX = 500;
const PORT_TAKEN = /address already in use/i;
const TROUBLE = /"s":"[EF]"|error|fatal|refused|denied|invalid/i;

/**
 * Starts something on the preferred port if it is free, else on another. Somebody may take the port between the look
 * and the start, so a start that fails with `embedded.port-taken` is tried again elsewhere.
 */
export async function startOnPort<T>(preferred: number, start: (port: number) => Promise<T>): Promise<T> {
  for (let n = 1; ; n += 1) {
    try {
      return await start(await choosePort(n === 1 ? preferred : 0));
    } catch (error) {
      const isTaken = error instanceof EmbeddedError && error.code === 'embedded.port-taken';
      if (!isTaken || n === TRIES) throw error;
    }
  }
}

/**
 * Ends a server that did not come up and says why, with the lines of its output that look like trouble, or the last.
 *
 * @param logFile to name to the person
 */
export async function giveUp(
  title: string,
  server: GuardedProcess,
  logFile: string,
  cause: unknown,
): Promise<EmbeddedError> {
  server.kill('SIGKILL');
  await server.exited;
  if (cause instanceof EmbeddedError) return cause;

  const output = await server.readOutput().catch(() => '');
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const trouble = lines.filter((line) => TROUBLE.test(line));
  const told = (trouble.length > 0 ? trouble : lines).slice(-LINES_MAX).map((line) => line.slice(0, LINE_CHARS_MAX));
  const why = told.length > 0 ? told.join('\n') : sentenceOf(cause);
  const code = PORT_TAKEN.test(output) ? 'embedded.port-taken' : 'embedded.not-started';
  return new EmbeddedError(code, `${title} did not start. Its log is ${logFile}, it says:\n${why}`, { cause });
}
