import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A worker process, as in production. */
export interface WorkerProcess {
  pid: number;
  /** Stops it where it stands, and lets it go on */
  freeze(): void;
  thaw(): void;
  /** Sends the signal and waits until it is gone */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/**
 * Starts the built worker and waits until it runs.
 *
 * @throws Error when it ends before
 */
export async function spawnWorker(env: Record<string, string>): Promise<WorkerProcess> {
  const child: ChildProcess = fork(join(__dirname, 'worker-main.js'), {
    env: { ...process.env, ...env, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => chunk.includes('worker runs') && resolve());
    child.once('exit', (code) => reject(new Error(`the worker ended at its start with ${code}`)));
  });
  return {
    pid: child.pid ?? 0,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async end(signal) {
      child.kill('SIGCONT');
      child.kill(signal);
      await gone;
    },
  };
}
