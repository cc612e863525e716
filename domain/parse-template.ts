/** A template in order: text as written, and merge fields. `label` is cleaned but keeps its case. */
export type TemplatePart =
  | { kind: 'text'; text: string }
  | { kind: 'field'; label: string; fallback?: string | undefined };

const GROUP = /\[([^[\]\r\n]*)\]/g;
const MARKUP = /<[^<>]*>/g;
const INVISIBLE = /\p{Cf}|\p{Default_Ignorable_Code_Point}|&(?:shy|zwj|zwnj|lrm|rlm|ZeroWidthSpace|NoBreak);/gu;
const SPACE = /(?:[\s\p{Cc}\u2800]|&nbsp;|%20)+/gu;
const NUMBERED = /&#(?:x([\da-f]{1,6})|(\d{1,7}));/gi;
const LABEL_LENGTH_MAX = 80;

/**
 * A label as people mean it: without markup, invisible characters and doubled spaces, which editors leave behind.
 *
 * @returns "" when nothing is left
 * @throws never
 */
export const cleanLabel = (text: string): string =>
  text
    .replace(MARKUP, '')
    .replace(NUMBERED, (entity, hex: string | undefined, decimal: string | undefined) => {
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
    })
    .replace(INVISIBLE, '')
    .replaceAll('&amp;', '&')
    .replace(SPACE, ' ')
    .trim()
    .normalize('NFC');

/**
 * True when a label reads as an intended merge field although no field bears it: words of letters, digits and
 * `_ - / ' & . #`, starting with a letter. Quotes, commas, colons and braces mean code, so those brackets are just
 * brackets.
 */
export const looksLikeLabel = (label: string): boolean =>
  label.split('//').every((part) => part.trim().length <= LABEL_LENGTH_MAX) &&
  /^\p{L}[\p{L}\p{M}\p{N} _\-/'&.#]*$/u.test(label);

/**
 * Cuts a template at its merge fields `[Label]` and `[Label|fallback]`. These brackets never are one:
 * - a JSON array: `[]`, `[1,2]`, `["a"]`, `[true]`;
 * - part of a key in a query string or form, `items[0]=` or `a[x][y]=`: after letters that start the text, a line or
 *   follow `?` or `&`, and before `=`;
 * - the bracket of `<![CDATA[`, and brackets that stay open to the end of the line.
 *
 * @param isField decides by the cleaned label; brackets it refuses stay text
 * @returns parts in order; joined texts and fields make the whole template. Time is linear in its length
 * @throws never
 * @source docs/merge-fields.md
 */
export function parseTemplate(template: string, isField: (label: string) => boolean): TemplatePart[] {
  const parts: TemplatePart[] = [];
  const groups = new RegExp(GROUP);
  let textFrom = 0;
  for (let group = groups.exec(template); group; group = groups.exec(template)) {
    const keyEnd = endOfKey(template, group.index);
    if (keyEnd !== null) {
      groups.lastIndex = keyEnd;
      continue;
    }
    const content = group[1] ?? '';
    if (template.startsWith('<![CDATA[', group.index - 8) || isJsonArray(content)) continue;
    const bar = content.indexOf('|');
    const label = cleanLabel(bar === -1 ? content : content.slice(0, bar));
    if (label === '' || !isField(label)) continue;
    if (group.index > textFrom) parts.push({ kind: 'text', text: template.slice(textFrom, group.index) });
    parts.push({ kind: 'field', label, ...(bar === -1 ? {} : { fallback: content.slice(bar + 1) }) });
    textFrom = groups.lastIndex;
  }
  if (textFrom < template.length) parts.push({ kind: 'text', text: template.slice(textFrom) });
  return parts;
}

/** Index of the `=` after a key with brackets that starts before `open`; null when these brackets are no key's. */
function endOfKey(template: string, open: number): number | null {
  let start = open;
  while (start > 0 && /[\w.%+~-]/.test(template.charAt(start - 1))) start--;
  if (start === open || (start > 0 && !/[?&\r\n]/.test(template.charAt(start - 1)))) return null;
  let at = open;
  while (template[at] === '[') {
    const stops = /[[\]&=?\r\n]/g;
    stops.lastIndex = at + 1;
    const stop = stops.exec(template);
    if (stop?.[0] !== ']') return null;
    at = stop.index + 1;
  }
  return template[at] === '=' ? at : null;
}

function isJsonArray(content: string): boolean {
  if (!/^\s*(?:["\d-]|true\b|false\b|null\b|$)/.test(content)) return false;
  try {
    JSON.parse(`[${content}]`);
    return true;
  } catch {
    return false;
  }
}

/** Whether a place in JSON text is inside a string, after reading on over `text`. */
export function isInJsonString(text: string, wasInString: boolean): boolean {
  let inString = wasInString;
  for (const mark of text.matchAll(/\\.|"/gs)) if (mark[0] === '"') inString = !inString;
  return inString;
}

/**
 * The template with a stand-in for every merge field, to see what it would be once filled in.
 *
 * @param options `standIn` is "x" unless given; with `isJson` a field that stands as a JSON value becomes `null`
 * @throws never
 */
export function fillPlaceholders(
  template: string,
  isField: (label: string) => boolean,
  options: { isJson?: boolean; standIn?: string } = {},
): string {
  let inString = false;
  return parseTemplate(template, isField)
    .map((part) => {
      if (part.kind === 'field') return options.isJson && !inString ? 'null' : (options.standIn ?? 'x');
      if (options.isJson) inString = isInJsonString(part.text, inString);
      return part.text;
    })
    .join('');
}
