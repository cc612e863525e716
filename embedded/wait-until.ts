import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again and again until the answer is neither null nor an error.
 *
 * @param ask        throws or answers null for "not yet"
 * @param timeoutMs  after this the last error is thrown, or a plain one
 * @param isHopeless ends the waiting early; an answer then does not count: it came from somebody else
 */
export async function waitUntil<T>(
  ask: () => Promise<T | null>,
  timeoutMs: number,
  isHopeless: () => boolean = () => false,
): Promise<T> {
  const endsAt = performance.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== null && !isHopeless()) return answer;
    } catch (error) {
      lastError = error;
    }
    if (isHopeless() || performance.now() > endsAt) throw lastError ?? new Error(`not true after ${timeoutMs} ms`);
    await pause(25);
  }
}
