/** More wildcards than this are refused: each is a group in the expression. */
export const WILDCARDS_MAX = 9;

/**
 * SQL's LIKE as a regular expression, to be used without regard to case and with `.` for line breaks too: `%` stands for
 * any text, `_` for one character, everything else for itself. Every part between two `%` is looked for once and never
 * again, so that no text makes the search slow.
 *
 * @param pattern with at most `WILDCARDS_MAX` times `%`; several in a row count once
 * @throws never
 */
export function likePattern(pattern: string): string {
  const parts = pattern.split(/%+/).map(escapePart);
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return `^${first}$`;
  const middle = parts
    .slice(1, -1)
    .map((part, index) => `(?=(.*?${part}))\\${index + 1}`)
    .join('');
  return `^${first}${middle}${last === '' ? '' : `.*${last}$`}`;
}

/** How many wildcards of any length a pattern has. @throws never */
export const wildcardsIn = (pattern: string): number => pattern.split(/%+/).length - 1;

/** A text as an expression that finds just this text. @throws never */
export const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

const escapePart = (part: string): string => part.split('_').map(escapePattern).join('.');
