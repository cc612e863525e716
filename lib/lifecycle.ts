import { sentenceOf } from './errors';
import type { Logger } from './logger';

/** Things opened in order, closed in reverse. */
export interface Lifecycle {
  onClose(name: string, close: () => Promise<void> | void): void;
  close(): Promise<void>;
}

/** @returns an empty lifecycle; `close` runs every registered close once, the latest first, whatever throws */
export function openLifecycle(logger: Logger): Lifecycle {
  const closers: { name: string; close: () => Promise<void> | void }[] = [];
  return {
    onClose: (name, close) => void closers.push({ name, close }),
    async close() {
      for (let next = closers.pop(); next; next = closers.pop()) {
        try {
          await next.close();
        } catch (error) {
          logger.error({ part: next.name, error: sentenceOf(error) }, 'close failed');
        }
      }
    },
  };
}

/** Resolves at the first SIGINT, SIGTERM or SIGHUP; a second one ends the process at once. */
export const untilSignal = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) {
      process.once(signal, () => {
        for (const other of signals) process.on(other, () => process.exit(1));
        resolve(signal);
      });
    }
  });

const WATCH_MS = 1000;

/** Resolves when the process that started us is gone: npm may die without passing its signal on. */
export const untilOrphaned = (): Promise<'orphaned'> =>
  new Promise((resolve) => {
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(watch);
      resolve('orphaned');
    }, WATCH_MS);
    watch.unref();
  });

/** Runs a process entry: exit code 0 when it has closed in order, 1 with its sentence when it could not. */
export function runProcess(main: () => Promise<void>): void {
  main().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(sentenceOf(error));
      process.exit(1);
    },
  );
}
