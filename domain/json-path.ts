/** Steps from the root of a JSON value: names of members, numbers of items (from the end when negative). */
export type JsonPath = readonly (string | number)[];

const NAME = /\.([\p{L}_$][\p{L}\p{M}\p{N}_$-]*)/uy;
const INDEX = /\[\s*(0|-?[1-9]\d{0,8})\s*\]/y;
const QUOTED = /\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\]/y;
const ALLOWED = "write names as .id or ['a b'] and items as [0]; wildcards, slices and filters are not possible";

/**
 * Reads a path such as `$.data.items[0]['a b']`: the singular queries of RFC 9535. Names without quotes may also hold
 * `-`, since nothing is subtracted here. It is written here because a library would bring the filters and wildcards that
 * must be refused.
 *
 * @returns the steps, none for `$`; or a sentence that says where the path is wrong
 * @throws never
 * @source docs/response-mapping.md; RFC 9535 section 2.3.5.1
 */
export function parseJsonPath(text: string): { path: JsonPath; problem: null } | { path: null; problem: string } {
  const source = text.trim();
  if (!source.startsWith('$')) return refuse('must start with $, which stands for the whole answer: $.data.id');
  const path: (string | number)[] = [];
  let at = 1;
  while (at < source.length) {
    const read = (pattern: RegExp): RegExpExecArray | null => {
      pattern.lastIndex = at;
      return pattern.exec(source);
    };
    const [name, index, quoted] = [read(NAME), read(INDEX), read(QUOTED)];
    const step = name ? (name[1] ?? '') : index ? Number(index[1]) : quoted ? unquote(quoted) : null;
    if (step === null) return refuse(`is not understood at "${source.slice(at, at + 20)}": ${ALLOWED}`);
    path.push(step);
    at += (name ?? index ?? quoted)?.[0].length ?? 0;
  }
  return { path, problem: null };
}

/** @returns null for an escape that JSON does not have */
function unquote([, single, double]: RegExpExecArray): string | null {
  const inside =
    double ?? (single ?? '').replace(/\\'/g, "'").replace(/\\.|"/gs, (mark) => (mark === '"' ? '\\"' : mark));
  try {
    return JSON.parse(`"${inside}"`) as string;
  } catch {
    return null;
  }
}

/**
 * The value at the end of a path.
 *
 * @param value as `JSON.parse` gives it
 * @returns undefined when the path leads nowhere
 * @throws never
 */
export function findAt(value: unknown, path: JsonPath): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    if (typeof step === 'number') at = Array.isArray(at) ? at.at(step) : undefined;
    else at = !Array.isArray(at) && Object.hasOwn(at, step) ? (at as Record<string, unknown>)[step] : undefined;
  }
  return at;
}

const refuse = (problem: string) => ({ path: null, problem });
