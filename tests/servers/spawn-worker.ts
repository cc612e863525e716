import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { TestSystem } from './open-system';
import { PEPPER, SECRET_KEYS } from './open-system';

/** A worker in a process of its own, as in production. */
export interface WorkerProcess {
  pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Ends it and waits until it is gone */
  stop(): Promise<void>;
}

const ROOT = resolve(__dirname, '..', '..');

/** Starts the built worker on a system's database and queues. @param more settings beside the usual. @returns when it runs */
export async function spawnWorker(
  system: Pick<TestSystem, 'mongodbUrl' | 'prefix'>,
  temporalAddress = process.env.TEST_TEMPORAL_ADDRESS ?? '',
  more: Record<string, string> = {},
): Promise<WorkerProcess> {
  const env = {
    ...process.env,
    MONGODB_URL: system.mongodbUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    TASK_QUEUE_PREFIX: system.prefix,
    WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.0/8',
    API_KEY_PEPPER: PEPPER,
    SECRET_KEYS,
    LOG_LEVEL: 'info',
    ...more,
  };
  const child: ChildProcess = spawn(process.execPath, ['dist/workers/worker-main.js'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  await new Promise<void>((ready, failed) => {
    child.stdout?.on('data', (chunk: Buffer) => chunk.toString().includes('worker runs') && ready());
    child.once('exit', (code) => failed(new Error(`the worker ended at its start with ${code}`)));
  });
  return {
    pid: child.pid ?? 0,
    kill: (signal) => void child.kill(signal),
    async stop() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
