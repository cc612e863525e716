import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { callApi } from '../../cli/api-client';
import { readLocal } from '../../cli/local-account';
import { until } from './until';

const ROOT = resolve(__dirname, '..', '..');

/** `npm start` in a process of its own, on a data folder. */
export interface StartedProcess {
  child: ChildProcess;
  lines: string[];
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Calls the API with the folder's account */
  call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T>;
}

/** Starts it and waits until it says that it is ready. @param env settings, `DATA_DIR` among them */
export async function spawnStart(env: Record<string, string> & { DATA_DIR: string }): Promise<StartedProcess> {
  const child = spawn(process.execPath, ['dist/cli/hookline.js', 'start'], {
    cwd: ROOT,
    env: { ...process.env, LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const keep = (chunk: Buffer) => void lines.push(...chunk.toString().split('\n').filter(Boolean));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  await until(
    'npm start to be ready',
    () => {
      if (child.exitCode !== null) throw new Error(`ended: ${lines.join('\n')}`);
      return lines.some((line) => line.includes('Hookline is ready'));
    },
    60_000,
  ).catch((error: Error) => {
    child.kill('SIGKILL');
    throw new Error(`${error.message}\n${lines.join('\n')}`);
  });
  return {
    child,
    lines,
    async kill(signal) {
      child.kill(signal);
      await gone;
    },
    call(method, path, body) {
      const local = readLocal(env.DATA_DIR);
      return callApi(
        { address: local?.address ?? '', apiKey: local?.apiKey ?? '', appId: local?.appId ?? '' },
        method,
        path,
        body,
      );
    },
  };
}

/**
 * The process whose program's name begins so and whose arguments hold this text.
 *
 * @throws Error when there is none
 */
export function findProcess(program: string, argument: string): number {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      if (basename(args[0] ?? '').startsWith(program) && args.some((arg) => arg.includes(argument))) return Number(pid);
    } catch {
      // It ended while we looked.
    }
  }
  throw new Error(`no ${program} runs with ${argument}`);
}
