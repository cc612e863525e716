import type { Problem } from '../schemas/problem';

const DEPTH_MAX = 40;

/**
 * What MongoDB, or whoever reads the value later, could not take: deep nesting, names with special meaning, characters
 * that are no text.
 *
 * @param value parsed JSON of any depth; it is walked without recursion
 * @returns the first problem only, or none
 * @throws never
 */
export function checkStorable(value: unknown): Problem[] {
  const rest: { value: unknown; path: string; depth: number }[] = [{ value, path: '', depth: 0 }];
  for (let next = rest.pop(); next; next = rest.pop()) {
    const { value, path, depth } = next;
    if (typeof value === 'string' && !isText(value))
      return [{ path, message: 'holds a NUL character or half a character, which cannot be stored' }];
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= DEPTH_MAX)
      return [{ path: path.slice(0, 200), message: `is nested too deeply; at most ${DEPTH_MAX} levels are taken` }];
    for (const [name, inner] of Object.entries(value)) {
      const at = path === '' ? name : `${path}.${name}`;
      if (name.startsWith('$') || name === '__proto__' || !isText(name))
        return [{ path: at.slice(0, 200), message: 'cannot be stored under this name; choose another' }];
      rest.push({ value: inner, path: at, depth: depth + 1 });
    }
  }
  return [];
}

const isText = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
