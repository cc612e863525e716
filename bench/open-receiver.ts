import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Arrival } from './receiver-main';

/** The receiver's process, and what has arrived there since `begin`. */
export interface Receiver {
  url: string;
  pid: number;
  /** Forgets what arrived before */
  begin(): void;
  /** Arrivals by key, in order */
  arrivals: ReadonlyMap<string, readonly Arrival[]>;
  /** Resolves when the key has arrived; at once if it has */
  arrived(key: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts the receiver in a process of its own, on a free port of loopback. */
export async function openReceiver(): Promise<Receiver> {
  const child = fork(join(__dirname, 'receiver-main.js'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const arrivals = new Map<string, Arrival[]>();
  const waiting = new Map<string, () => void>();
  child.on('message', (arrival: Arrival) => {
    const known = arrivals.get(arrival.key);
    if (known) known.push(arrival);
    else arrivals.set(arrival.key, [arrival]);
    waiting.get(arrival.key)?.();
    waiting.delete(arrival.key);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    begin: () => arrivals.clear(),
    arrivals,
    arrived: (key) =>
      arrivals.has(key) ? Promise.resolve() : new Promise((resolve) => void waiting.set(key, resolve)),
    async close() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
