const WINDOW_MS = 60_000;

/**
 * Most arrivals in any sliding 60 s.
 *
 * @param atMs arrivals, Unix milliseconds, any order
 */
export function mostInAnyMinute(atMs: readonly number[]): number {
  const sorted = [...atMs].sort((a, b) => a - b);
  let most = 0;
  for (let from = 0, to = 0; to < sorted.length; to++) {
    while ((sorted[to] ?? 0) - (sorted[from] ?? 0) >= WINDOW_MS) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

/** Arrivals a minute between the first and the last. */
export function perMinute(atMs: readonly number[]): number {
  const sorted = [...atMs].sort((a, b) => a - b);
  return ((sorted.length - 1) * WINDOW_MS) / ((sorted.at(-1) ?? 0) - (sorted[0] ?? 0));
}
