/** The value below which `share` (0..1) of the sorted values lie; NaN of none. */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;

/** The middle one of some values. */
export const median = (values: readonly number[]): number =>
  percentile(
    [...values].sort((a, b) => a - b),
    0.5,
  );

const LOTS = 1000;

/**
 * How far the ratio of the same percentile of two samples may be chance: both are drawn anew from themselves, with
 * repetition (the bootstrap), block by block, since neighbours in time are not independent.
 *
 * @param a its values in blocks of neighbours; a block of one each where they are independent
 * @returns the ratios between which 95 of 100 draws lie
 */
export function likelyRatios(
  a: readonly (readonly number[])[],
  b: readonly (readonly number[])[],
  share: number,
): [number, number] {
  const drawn = (blocks: readonly (readonly number[])[]): number => {
    const values = blocks.flatMap(() => blocks[Math.floor(Math.random() * blocks.length)] ?? []);
    return percentile(
      values.sort((x, y) => x - y),
      share,
    );
  };
  const ratios = Array.from({ length: LOTS }, () => drawn(b) / drawn(a)).sort((x, y) => x - y);
  return [percentile(ratios, 0.025), percentile(ratios, 0.975)];
}
