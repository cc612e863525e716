import { monotonicMs } from '../../lib/clock';

const WINDOW_MS = 60_000;
export const POSTS_PER_MINUTE = 30;
/** Addresses remembered at a time; beyond it the oldest are forgotten. */
const KNOWN_MAX = 20_000;

/** Counts posts by form and client address, in this process. */
export interface FormLimit {
  /** Counts one post. @returns seconds to wait when it is one too many, else 0 */
  take(formToken: string, address: string): number;
}

/** At most 30 posts a minute for one form and one address. */
export function openFormLimit(): FormLimit {
  const windows = new Map<string, { endsMs: number; posts: number }>();
  return {
    take(formToken, address) {
      const name = `${formToken} ${address}`;
      const nowMs = monotonicMs();
      const known = windows.get(name);
      if (known && known.endsMs > nowMs) {
        known.posts++;
        return known.posts > POSTS_PER_MINUTE ? Math.ceil((known.endsMs - nowMs) / 1000) : 0;
      }
      windows.delete(name);
      windows.set(name, { endsMs: nowMs + WINDOW_MS, posts: 1 });
      const oldest = windows.size > KNOWN_MAX ? windows.keys().next().value : undefined;
      if (oldest !== undefined) windows.delete(oldest);
      return 0;
    },
  };
}
