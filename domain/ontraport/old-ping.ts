const PING = 'Ping_APIURL(';
/** Pieces in which the end of an item is looked for: its body may hold any number of semicolons. */
const PIECES_MAX = 200;

/**
 * Whether an action holds its URL and not the id of a webhook: `Ping_APIURL(url::post_data::json)`, in which any text may
 * stand.
 *
 * @throws never
 * @source reference sections 1A, row 10, and 2C
 */
export const isOldPing = (text: string): boolean =>
  text.startsWith(PING) && /::|:\/\//.test(text) && text.endsWith(')');

/**
 * Puts together what a semicolon in a URL or body has cut apart: such an item ends with the bracket that closes its first.
 *
 * @param pieces of a string of actions, and the semicolons between them
 * @throws never
 */
export function joinOldPings(pieces: readonly string[]): string[] {
  const depths = pieces.map(depthOf);
  const joined: string[] = [];
  for (let from = 0; from < pieces.length; from++) {
    const end = pieces[from]?.trimStart().startsWith(PING) ? endOf(pieces, depths, from) : from;
    joined.push(pieces.slice(from, end + 1).join(''));
    from = end;
  }
  return joined;
}

function endOf(pieces: readonly string[], depths: readonly number[], from: number): number {
  let depth = 0;
  for (let at = from; at < Math.min(pieces.length, from + PIECES_MAX); at++) {
    depth += depths[at] ?? 0;
    if (depth <= 0 && pieces[at]?.trimEnd().endsWith(')')) return at;
  }
  return from;
}

/** Brackets that a piece opens, less those that it closes. */
const depthOf = (piece: string): number => piece.split('(').length - piece.split(')').length;
