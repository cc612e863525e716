const PAIRS_MAX = 2000;
const DEPTH_MAX = 8;

type Tree = Map<string, Tree | string>;

/**
 * Reads `a=1&ids[]=2&fields[0][name]=x`, as forms and query strings of PHP clients are written.
 *
 * @returns the values by name, lists where all keys of one are 0, 1, 2 ...; or the sentence of the first mistake
 * @throws never
 */
export function parseBrackets(text: string): { values: Record<string, unknown> } | { mistake: string } {
  const pairs = text.split('&').filter((pair) => pair !== '');
  if (pairs.length > PAIRS_MAX) return { mistake: `has more than ${PAIRS_MAX} parameters` };
  const root: Tree = new Map();
  for (const pair of pairs) {
    const [name, value] = splitOnce(pair).map(decode);
    if (name === undefined || value === undefined)
      return { mistake: `holds a broken %-sequence: ${pair.slice(0, 60)}` };
    const path = pathOf(name);
    if (path.length > DEPTH_MAX) return { mistake: `nests more than ${DEPTH_MAX} levels: ${name.slice(0, 60)}` };
    put(root, path, value);
  }
  const values = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of root) values[key] = typeof value === 'string' ? value : plain(value);
  return { values };
}

function splitOnce(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** `a[b][]` is a, b and "next"; a name whose brackets do not close is taken as it stands. */
function pathOf(name: string): string[] {
  const [, first, rest] = /^([^[\]]+)((?:\[[^[\]]*\])+)$/.exec(name) ?? [];
  if (first === undefined || rest === undefined) return [name];
  return [first, ...rest.slice(1, -1).split('][')];
}

/** Of two values under one name the later one stays, as in PHP. */
function put(root: Tree, path: readonly string[], value: string): void {
  let at = root;
  for (const [depth, step] of path.entries()) {
    const key = step === '' && depth > 0 ? String(at.size) : step;
    if (depth === path.length - 1) {
      at.set(key, value);
      return;
    }
    const inner = at.get(key);
    const next: Tree = inner instanceof Map ? inner : new Map();
    at.set(key, next);
    at = next;
  }
}

function plain(tree: Tree): unknown {
  const inner = [...tree].map(([key, value]) => [key, typeof value === 'string' ? value : plain(value)] as const);
  if (inner.every(([key], index) => key === String(index))) return inner.map(([, value]) => value);
  const object = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of inner) object[key] = value;
  return object;
}
