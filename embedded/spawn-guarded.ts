import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { EmbeddedError } from './embedded-error';

/** A server process that ends when we end, however we end. */
export interface GuardedProcess {
  /** of the server itself, not of its guard */
  pid: number;
  /** sends a signal to the server itself; `SIGTERM` if none is named. Nothing happens when it is gone. */
  kill(signal?: NodeJS.Signals): void;
  /** resolves when the process is gone: exit code, 128 + signal number, or null where unknown. Never rejects. */
  exited: Promise<number | null>;
  /** what it printed since it was started */
  readOutput(): Promise<string>;
  /** asks it to end, insists after 20 seconds, resolves when it is gone */
  stop(): Promise<void>;
}

/** A server that answers on a port of 127.0.0.1. */
export interface RunningServer extends GuardedProcess {
  port: number;
}

/**
 * Stands between us and the server. Its descriptor 3 is a pipe that we hold and never write to: it closes when we die,
 * even by kill -9, and then the guard ends the server (a stopped one is continued first). On descriptor 4 it tells the
 * server's process id. Neither is passed on to the server.
 */
const GUARD = `
"$@" 3<&- 4>&- &
k=$!
echo $k >&4
exec 4>&-
trap : TERM INT HUP
(
  read -r _ <&3
  kill -TERM $k; kill -CONT $k
  n=0
  while kill -0 $k && [ $n -lt 15 ]; do sleep 1; n=$((n+1)); done
  kill -KILL $k
) 2>/dev/null &
w=$!
exec 3<&-
wait $k; r=$?
while kill -0 $k 2>/dev/null; do wait $k; r=$?; done
kill $w 2>/dev/null
exit $r`;

const STOP_MS_MAX = 20_000;
const LOG_BYTES_MAX = 20_000_000;

/**
 * Starts a program that dies with this process. Its output is appended to the log file; a large one is set aside first
 * as `<log file>.1`.
 *
 * @throws EmbeddedError `embedded.not-started` where there is no POSIX shell
 */
export async function spawnGuarded(command: string, args: string[], logFile: string): Promise<GuardedProcess> {
  if (process.platform === 'win32') {
    throw new EmbeddedError(
      'embedded.not-started',
      'Servers can be started here on Linux and macOS only. Set MONGODB_URL and TEMPORAL_ADDRESS to running ones.',
    );
  }
  const log = openLog(logFile);
  const logFrom = fstatSync(log).size;
  // Detached, so that Ctrl+C in the terminal reaches us and not the servers before our work has ended.
  const guard = spawn('/bin/sh', ['-c', GUARD, 'guard', command, ...args], {
    detached: true,
    stdio: ['ignore', log, log, 'pipe', 'pipe'],
  });
  closeSync(log);
  const [, , , lifeline, pidPipe] = guard.stdio;
  const exit = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    guard.once('exit', (code, signal) => resolve([code, signal]));
    guard.once('error', () => resolve([null, null]));
  });
  const pid = await readPid(pidPipe as Readable);

  const kill = (signal: NodeJS.Signals = 'SIGTERM') => sendSignal(pid, signal);
  const exited = exit.then(([code, signal]) => {
    if (signal !== null) kill('SIGKILL'); // somebody killed the guard alone
    lifeline?.destroy();
    return code;
  });
  const stop = async () => {
    const insist = setTimeout(() => kill('SIGKILL'), STOP_MS_MAX);
    kill('SIGTERM');
    kill('SIGCONT');
    await exited;
    clearTimeout(insist);
  };
  const readOutput = async () => (await readFile(logFile)).subarray(logFrom).toString('utf8');
  return { pid, kill, exited, readOutput, stop };
}

/** A log file for a server whose log nobody asked for; `remove` once it is gone. */
export async function makeTemporaryLog(): Promise<{ logFile: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-log-'));
  return { logFile: join(folder, 'server.log'), remove: () => rm(folder, { recursive: true, force: true }) };
}

function openLog(logFile: string): number {
  mkdirSync(dirname(logFile), { recursive: true });
  const facts = statSync(logFile, { throwIfNoEntry: false });
  if (facts !== undefined && facts.size > LOG_BYTES_MAX) renameSync(logFile, `${logFile}.1`);
  return openSync(logFile, 'a');
}

async function readPid(pipe: Readable): Promise<number> {
  let text = '';
  pipe.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await once(pipe, 'close');
  const pid = Number.parseInt(text, 10);
  if (!(pid > 1)) throw new EmbeddedError('embedded.not-started', 'A shell for the server could not be started.');
  return pid;
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it is gone already
  }
}
