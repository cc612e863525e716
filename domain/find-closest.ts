/**
 * The name that was probably meant: the one with the fewest differing letters, upper and lower case alike.
 *
 * @returns null when over half of the longer one differs
 * @throws never
 */
export function findClosest(label: string, names: readonly string[]): string | null {
  let closest: string | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const distance = editDistance(label.toLowerCase(), name.toLowerCase());
    if (distance < fewest && distance <= Math.max(label.length, name.length) / 2) [closest, fewest] = [name, distance];
  }
  return closest;
}

/** Letters to insert, delete or replace to make one text of the other (Levenshtein). */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
