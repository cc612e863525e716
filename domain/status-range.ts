/** HTTP statuses from the first to the last, both included. */
export interface Range {
  from: number;
  to: number;
}

/**
 * Statuses written as one (`503`), as a class (`5xx`) or as a range (`500-504`).
 *
 * @param word lower case, without blanks around it
 * @returns null when it is none of them; the ends may be any three digits, in any order
 * @throws never
 */
export function parseRange(word: string): Range | null {
  const [, one] = /^(\d)xx$/.exec(word) ?? [];
  if (one !== undefined) return { from: Number(`${one}00`), to: Number(`${one}99`) };
  const [, from, to] = /^(\d{3})(?:\s*-\s*(\d{3}))?$/.exec(word) ?? [];
  return from === undefined ? null : { from: Number(from), to: Number(to ?? from) };
}
