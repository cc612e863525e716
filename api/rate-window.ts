/** Counts by key in windows of fixed length, in this process. */
export interface RateWindow {
  /** Counts one more. @returns seconds until there is room again; 0 when there was */
  take(key: string, nowMs: number): number;
}

/** Windows that are over are swept once so many keys are known. */
const KEYS_MAX = 10_000;

/**
 * At most so many in a window that begins with its first.
 *
 * @param of.windowMs length of a window, milliseconds
 */
export function openRateWindow(of: { max: number; windowMs: number }): RateWindow {
  const windows = new Map<string, { endsMs: number; count: number }>();
  return {
    take(key, nowMs) {
      if (windows.size >= KEYS_MAX)
        for (const [known, { endsMs }] of windows) if (endsMs <= nowMs) windows.delete(known);
      const open = windows.get(key);
      const window = open && open.endsMs > nowMs ? open : { endsMs: nowMs + of.windowMs, count: 0 };
      windows.set(key, window);
      if (window.count >= of.max) return Math.max(1, Math.ceil((window.endsMs - nowMs) / 1000));
      window.count++;
      return 0;
    },
  };
}
