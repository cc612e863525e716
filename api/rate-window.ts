/** Counts by key in windows of fixed length, in this process. */
export interface RateWindow {
  /** Counts one more. @returns seconds until there is room again; 0 when there was */
  take(key: string, nowMs: number): number;
}

/** Keys remembered at a time; beyond it the window that began first is forgotten, so that nobody can fill the memory. */
const KEYS_MAX = 20_000;

/**
 * At most so many in a window that begins with its first.
 *
 * @param of.windowMs length of a window, milliseconds
 */
export function openRateWindow(of: { max: number; windowMs: number }): RateWindow {
  /** In the order in which they began */
  const windows = new Map<string, { endsMs: number; count: number }>();
  return {
    take(key, nowMs) {
      const open = windows.get(key);
      if (open && open.endsMs > nowMs) {
        if (open.count >= of.max) return Math.ceil((open.endsMs - nowMs) / 1000);
        open.count++;
        return 0;
      }
      windows.delete(key);
      windows.set(key, { endsMs: nowMs + of.windowMs, count: 1 });
      const oldest = windows.size > KEYS_MAX ? windows.keys().next().value : undefined;
      if (oldest !== undefined) windows.delete(oldest);
      return 0;
    },
  };
}
