import type { FieldValue } from '../schemas/field';
import type { FindTarget, MergeTarget } from './merge-labels';
import type { MergeSource } from './merge-values';
import { isInJsonString, looksLikeLabel, parseTemplate } from './parse-template';
import { encodeXml, type XmlPlace, xmlPlaceAfter } from './xml-place';

/** What the text around a merge field is written in; it decides how a value is escaped. */
export type Encoding = 'form' | 'json' | 'xml' | 'url' | 'header' | 'text';

/** A merge field whose label names something. */
export interface MergeField {
  label: string;
  target: MergeTarget;
  fallback?: string;
}

/**
 * Merge fields of a template, in order, repeats included.
 *
 * @param find from `makeFindTarget`
 * @returns `unknown` holds labels that look like a merge field but name nothing (see `parseTemplate` for the rule)
 * @throws never
 * @source docs/merge-fields.md
 */
export function findMergeFields(template: string, find: FindTarget): { known: MergeField[]; unknown: string[] } {
  const known: MergeField[] = [];
  const unknown: string[] = [];
  for (const part of parseTemplate(template, (label) => find(label) !== null || looksLikeLabel(label))) {
    if (part.kind === 'text') continue;
    const target = find(part.label);
    if (target === null) unknown.push(part.label);
    else known.push({ label: part.label, target, ...(part.fallback === undefined ? {} : { fallback: part.fallback }) });
  }
  return { known, unknown };
}

/**
 * Fills in a template's merge fields; all other text stays as written.
 *
 * An empty value (null, undefined, "", empty list) gives the fallback, or nothing. Lists are joined with ", ". Values
 * and fallbacks are escaped for their place. In JSON a field inside quotes gives text; one without quotes gives a whole
 * value: number, true, false, a quoted string, or null when empty (a fallback that is a JSON number, true, false or
 * null is taken as such). So a template that is valid JSON with placeholders stays valid whatever the values.
 *
 * @param source from `makeMergeSource`
 * @param encoding `header` also turns control characters into spaces
 * @throws never
 * @source docs/merge-fields.md, docs/delivery.md D9
 */
export function renderTemplate(template: string, source: MergeSource, encoding: Encoding): string {
  let isQuoted = false; // inside a JSON string
  let place: XmlPlace = 'text';
  let output = '';
  for (const part of parseTemplate(template, (label) => source.find(label) !== null)) {
    if (part.kind === 'text') {
      if (encoding === 'json') isQuoted = isInJsonString(part.text, isQuoted);
      if (encoding === 'xml') place = xmlPlaceAfter(part.text, place);
      output += part.text;
      continue;
    }
    const target = source.find(part.label);
    output += encode(target ? source.read(target) : undefined, part.fallback, { encoding, isQuoted, place });
  }
  return output;
}

function encode(
  value: FieldValue | undefined,
  fallback: string | undefined,
  at: { encoding: Encoding; isQuoted: boolean; place: XmlPlace },
): string {
  const text = textOf(value) || wellFormed(fallback ?? '');
  switch (at.encoding) {
    case 'form':
      return encodeURIComponent(text).replaceAll('%20', '+');
    case 'url':
      return encodeURIComponent(text);
    case 'header':
      return text.replace(/\p{Cc}+/gu, ' ');
    case 'xml':
      return encodeXml(text, at.place);
    case 'json':
      return at.isQuoted ? JSON.stringify(text).slice(1, -1) : jsonValue(value, fallback);
    case 'text':
      return text;
  }
}

function textOf(value: FieldValue | undefined): string {
  if (value === null || value === undefined) return '';
  return wellFormed(Array.isArray(value) ? value.join(', ') : String(value));
}

function jsonValue(value: FieldValue | undefined, fallback: string | undefined): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  const text = textOf(value);
  if (text === '' && fallback !== undefined)
    return isJsonLiteral(fallback) ? fallback : JSON.stringify(wellFormed(fallback));
  return text === '' ? 'null' : JSON.stringify(text);
}

const isJsonLiteral = (text: string): boolean =>
  /^(?:true|false|null|-?(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?)$/.test(text);

/** Half of a surrogate pair alone is no character: `encodeURIComponent` throws on it. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD');
