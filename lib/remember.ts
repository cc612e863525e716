import { monotonicMs } from './clock';

const KEPT_MAX = 1000;

/**
 * A reader that keeps what it read for a moment: for things that many units of work read and that seldom change.
 *
 * @param forMs how long a value may be old
 * @returns reads by key; a failed read is not kept
 */
export function rememberFor<T>(forMs: number, read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const kept = new Map<string, { value: Promise<T>; untilMs: number }>();
  return (key) => {
    const known = kept.get(key);
    if (known && known.untilMs > monotonicMs()) return known.value;
    if (kept.size >= KEPT_MAX) kept.clear();
    const value = read(key);
    kept.set(key, { value, untilMs: monotonicMs() + forMs });
    value.catch(() => kept.delete(key));
    return value;
  };
}
