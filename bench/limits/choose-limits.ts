/** What webhooks are raised to, in turn, for as long as the sum allows. */
const RUNGS = [180, 60, 20, 10, 5, 2, 120, 90, 30, 15, 3];

/**
 * A mix of limits from 1 to 180 a minute. All webhooks begin at 1; then, one rung of the ladder after the other and
 * again from its top, the next webhook is raised to it when the sum still allows that. So there is one of 180 first,
 * and what the sum leaves spreads over all sizes.
 *
 * @param count webhooks
 * @param sum   most requests a minute of all together
 * @returns limits, the highest first; their sum is `sum` or the little less that no rung fills
 * @throws Error when `sum` leaves less than one a minute for each
 */
export function chooseLimits(count: number, sum: number): number[] {
  if (sum < count) throw new Error(`${count} webhooks of at least 1 a minute need a sum of ${count}, not ${sum}`);
  const limits: number[] = [];
  let spare = sum - count;
  for (let isFilling = true; isFilling; ) {
    isFilling = false;
    for (const rung of RUNGS) {
      if (rung - 1 > spare || limits.length >= count) continue;
      limits.push(rung);
      spare -= rung - 1;
      isFilling = true;
    }
  }
  return [...limits.sort((a, b) => b - a), ...Array<number>(count - limits.length).fill(1)];
}
