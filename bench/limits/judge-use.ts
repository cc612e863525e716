import { allowedIn, type Step } from './limit-steps';

/** A stretch of time, Unix milliseconds. */
export interface Stretch {
  fromMs: number;
  toMs: number;
}

const lengthOf = ({ fromMs, toMs }: Stretch): number => Math.max(0, toMs - fromMs);
const within = (atMs: readonly number[], { fromMs, toMs }: Stretch): number[] =>
  atMs.filter((at) => at >= fromMs && at < toMs);
const overlap = (a: Stretch, b: Stretch): Stretch => ({
  fromMs: Math.max(a.fromMs, b.fromMs),
  toMs: Math.min(a.toMs, b.toMs),
});

/** Arrivals of some webhooks in a stretch, and how many their limits allowed. */
export function countUse(
  subjects: readonly { atMs: readonly number[]; steps: readonly Step[] }[],
  stretch: Stretch,
  without: readonly Stretch[] = [],
): { arrived: number; allowed: number } {
  let [arrived, allowed] = [0, 0];
  for (const { atMs, steps } of subjects) {
    arrived += within(atMs, stretch).length;
    allowed += allowedIn(steps, stretch.fromMs, stretch.toMs);
    for (const left of without.map((pause) => overlap(stretch, pause))) {
      if (lengthOf(left) === 0) continue;
      arrived -= within(atMs, left).length;
      allowed -= allowedIn(steps, left.fromMs, left.toMs);
    }
  }
  return { arrived, allowed };
}

/**
 * Share of its limit that one webhook used, from its arrivals' distances: a count alone would say 80 % or 100 % of a
 * limit of 1 in 5 minutes. What is missing at the ends of the stretch counts as not used.
 *
 * @returns 0..1; NaN when the stretch is too short to say
 */
export function shareOf(
  atMs: readonly number[],
  limit: number,
  stretch: Stretch,
  without: readonly Stretch[] = [],
): number {
  const gapMs = 60_000 / limit;
  const inside = within(atMs, stretch);
  const first = Math.min(inside[0] ?? Number.POSITIVE_INFINITY, stretch.fromMs + gapMs);
  const last = Math.max(inside.at(-1) ?? Number.NEGATIVE_INFINITY, stretch.toMs - gapMs);
  const paused = without.reduce((sum, pause) => sum + lengthOf(overlap({ fromMs: first, toMs: last }, pause)), 0);
  const coveredMs = last - first - paused;
  return coveredMs < gapMs / 2 ? Number.NaN : (Math.max(0, inside.length - 1) * gapMs) / coveredMs;
}

/** The longest time in which nothing arrived at all, in a stretch. */
export function longestSilence(atMs: readonly number[], stretch: Stretch): number {
  const points = [stretch.fromMs, ...within(atMs, stretch), stretch.toMs];
  return Math.max(...points.map((at, index) => at - (points[index - 1] ?? at)));
}
