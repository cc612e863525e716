import { type HeaderRow, isSecretRow } from '../schemas/header-row';
import type { Problem } from '../schemas/problem';

/** A row to store: `isKept` says that its value is the stored, sealed one; other values are as they were given. */
export interface KeptRow {
  row: HeaderRow;
  isKept: boolean;
}

/**
 * Fills secret rows that leave out their value from the stored ones: of one name, the first from the first, the second
 * from the second. That holds while there are as many of the name as before; else nobody could say which is meant.
 *
 * @param given  rows of the new settings, '' for a value that is left out
 * @param stored rows of the settings before, their secret values sealed; none for a new webhook
 * @returns a row for each one given; a problem (`headers.2.value`) for each secret row that has no value
 * @throws never
 * @source docs/delivery.md#secrets
 */
export function keepSecrets(
  given: readonly HeaderRow[],
  stored: readonly HeaderRow[],
): { rows: KeptRow[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const rows = given.map((row, index): KeptRow => {
    if (!isSecretRow(row) || row.value !== '') return { row, isKept: false };
    const isSameName = (other: HeaderRow) => isSecretRow(other) && other.name.toLowerCase() === row.name.toLowerCase();
    const before = stored.filter(isSameName);
    const among = given.filter(isSameName);
    const match = before[among.indexOf(row)];
    if (match && match.value !== '' && before.length === among.length)
      return { row: { ...row, value: match.value }, isKept: true };
    const why =
      before.length > 1 || (before.length > 0 && before.length !== among.length)
        ? `must be given: several rows are named ${row.name}, and it cannot be told which stored value is meant`
        : `must be given: ${row.name} is a secret header of which no value is stored`;
    problems.push({ path: `headers.${index}.value`, message: why });
    return { row, isKept: false };
  });
  return { rows, problems };
}

/** Names of the secret rows that have no value: they came with a map file. @throws never */
export const missingSecrets = (rows: readonly HeaderRow[]): string[] =>
  rows.filter((row) => isSecretRow(row) && row.value === '').map(({ name }) => name);
