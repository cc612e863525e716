import type { Read } from './field-text';

/** The code under which items stand in rule strings that only we have: `hookline(<JSON, percent-encoded>)`. */
const OWN = 'hookline';
/** Levels of such an item; the database takes no more than 100 in all. */
const DEPTH_MAX = 60;
const SHAPE = /^(\w{1,80})\s*(?:\(([^()]*)\))?$/;

/** `code(p1,p2)` in its parts; null for anything else. @throws never */
export function parseItem(text: string): { code: string; params: string[] } | null {
  const [, code, inside = ''] = SHAPE.exec(text.trim()) ?? [];
  return code === undefined ? null : { code, params: inside.trim() === '' ? [] : inside.split(',') };
}

/** @returns null when a parameter would be taken for the end of the item: Ontraport has no way to escape one @throws never */
export const formatItem = (code: string, params: readonly string[]): string | null =>
  params.some((param) => /[(),;|]/.test(param)) ? null : `${code}(${params.join(',')})`;

/** An item that Ontraport cannot say, so that it is not lost on the way out and back. @throws never */
export const formatOwn = (item: unknown): string =>
  `${OWN}(${encodeURIComponent(JSON.stringify(item)).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)})`;

/** The JSON of such an item; null for other items. @throws never */
export function parseOwn(text: string): Read<unknown> | null {
  const item = parseItem(text);
  if (item?.code !== OWN) return null;
  try {
    const text = decodeURIComponent(item.params[0] ?? '');
    if (depthOf(text) > DEPTH_MAX) return { problem: 'it is nested too deeply' };
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { problem: 'what stands in its brackets cannot be read' };
  }
}

/** Most brackets open at once, those in texts included. */
function depthOf(json: string): number {
  let [depth, most] = [0, 0];
  for (const mark of json) {
    if (mark === '{' || mark === '[') most = Math.max(most, ++depth);
    if (mark === '}' || mark === ']') depth--;
  }
  return most;
}
