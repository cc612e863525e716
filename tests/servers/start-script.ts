import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const REGISTER = join(__dirname, 'register-typescript.cjs');
const ROOT = resolve(__dirname, '..', '..');

/** A node process that runs a script of a test, to be killed by it. */
export interface StartedScript {
  process: ChildProcess;
  /** resolves with the first line that the script prints; rejects with its errors when it ends before that */
  firstLine: Promise<string>;
  /** resolves with all it printed on both streams, when it is gone */
  output: Promise<string>;
}

/**
 * Runs a script in a node process of its own, in which `load('embedded/start-mongod')` gives a module of ours.
 *
 * @param script body of an async function; `args` are its arguments as strings
 * @param env    added to our environment
 */
export function startScript(script: string, args: string[], env: Record<string, string> = {}): StartedScript {
  const load = `const load = (path) => require(require('node:path').join(${JSON.stringify(ROOT)}, path + '.ts'));`;
  const main = `(async () => { const args = process.argv.slice(1); ${script} })()`;
  const child = spawn(process.execPath, ['--require', REGISTER, '--eval', `${load} ${main}`, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let printed = '';
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  const firstLine = new Promise<string>((found, failed) => {
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk;
      if (printed.includes('\n')) found(printed.slice(0, printed.indexOf('\n')));
    });
    child.once('close', () => failed(new Error(`the script ended without a line: ${errors}`)));
  });
  firstLine.catch(() => {}); // a test may ask for the output only
  const output = new Promise<string>((done) => child.once('close', () => done(printed + errors)));
  return { process: child, firstLine, output };
}

/** Whether a process is there (running, stopped or waiting to be reaped). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
