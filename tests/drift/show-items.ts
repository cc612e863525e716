import type { z } from 'zod';
import type { Fits } from '../../schemas/fits';
import type { Spelling } from '../../schemas/spelling';

/** Text as it is typed, in a cell of a table. */
export const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
export const codeOr = (text: string | null): string => (text === null ? '' : code(text));

/** A row of a table; empty cells are one blank wide. */
export const tableRow = (cells: readonly string[]): string =>
  `|${cells.map((cell) => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|\n`;

/** A table with its head. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [tableRow(head), tableRow(head.map(() => '---')), ...rows.map(tableRow)].join('');

/** What an item takes beside what is said of it already: `fieldId`, `to?`, `offsetDays = 0`. */
export const showParameters = (shape: Record<string, z.ZodType>, said: readonly string[]): string =>
  Object.entries(shape)
    .filter(([key]) => !said.includes(key))
    .map(([key, type]) => {
      const absent = type.safeParse(undefined);
      if (!absent.success) return code(key);
      return code(absent.data === undefined ? `${key}?` : `${key} = ${JSON.stringify(absent.data)}`);
    })
    .join(', ');

/** Ontraport's codes with our parameters in their places: `Is_in_category(tagId)`. */
export const showSpellings = (spellings: readonly Spelling<Record<string, unknown>>[]): string =>
  spellings.map((spelling) => code(`${spelling.code}(${spelling.params.map(showParam).join(',')})`)).join(', ');

const showParam = (param: Spelling<object>['params'][number]): string =>
  'only' in param ? param.only : 'open' in param ? param.open : param.key;

export const showFits = (fits: Fits): string => (fits === 'any' ? 'any' : 'contacts only');
