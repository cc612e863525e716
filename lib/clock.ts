/** The wall clock; the only place that reads it outside workflows. */
export const now = (): Date => new Date();

/** Milliseconds that only move forward; for durations, never for instants. */
export const monotonicMs = (): number => performance.now();

/** Resolves after `ms` milliseconds, or at once when the signal aborts (never rejects). */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (ms <= 0 || signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
