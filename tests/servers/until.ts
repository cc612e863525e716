const POLL_MS = 50;

/**
 * Waits for a condition instead of sleeping.
 *
 * @param probe  undefined, null, false or a throw means "not yet"
 * @param saying what is awaited, for the error
 * @throws Error when the condition does not come true in time
 */
export async function until<T>(
  saying: string,
  probe: () => T | Promise<T>,
  timeoutMs = 30_000,
): Promise<NonNullable<T>> {
  const endMs = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== null && value !== false) return value as NonNullable<T>;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > endMs) throw new Error(`waited ${timeoutMs} ms for ${saying}; last: ${String(last)}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
