import { highestIn, type Step } from './limit-steps';

const WINDOW_MS = 60_000;

/** How the sliding minutes of one webhook turned out. */
export interface Windows {
  /** Minutes that end with an arrival and hold more than was allowed at any instant of them */
  above: number;
  /** Most arrivals over what was allowed, in the worst of them; 0 or less when none is above */
  worst: number;
}

/**
 * Looks at every sliding 60 s that ends with an arrival; no other one can hold more.
 *
 * @param atMs arrivals, Unix milliseconds, in order
 */
export function judgeWindows(atMs: readonly number[], steps: readonly Step[]): Windows {
  let [above, worst, first] = [0, Number.NEGATIVE_INFINITY, 0];
  for (const [index, to] of atMs.entries()) {
    while (to - (atMs[first] ?? 0) >= WINDOW_MS) first++;
    const over = index - first + 1 - highestIn(steps, to - WINDOW_MS, to);
    if (over > 0) above++;
    worst = Math.max(worst, over);
  }
  return { above, worst };
}
