import { XMLValidator } from 'fast-xml-parser';
import { fillPlaceholders } from './parse-template';
import type { Encoding } from './render-template';

const WORDS: Record<string, string> = {
  json: 'application/json',
  'form-encoded': 'application/x-www-form-urlencoded',
};
const FORM_PAIR = /^[\p{L}\p{M}\p{N}_.\-[\]%+:@$ ]{1,200}=[^\r\n]*$/u;

/**
 * What a body will be sent as, and how values in it are escaped.
 *
 * @param body template, merge fields and all
 * @param headers rows of the settings; a Content-Type among them wins, and may be the word `JSON` or `Form-encoded`
 * @returns contentType "" when the body is empty and no header says otherwise
 * @throws never
 * @source docs/features.md rows 1 to 3
 */
export function detectContentType(
  body: string,
  headers: readonly { name: string; value: string }[],
): { contentType: string; encoding: Encoding } {
  const given = headers.find((header) => header.name.toLowerCase() === 'content-type')?.value.trim();
  if (given) {
    const contentType = WORDS[given.toLowerCase()] ?? given;
    return { contentType, encoding: encodingOf(contentType) };
  }
  if (body.trim() === '') return { contentType: '', encoding: 'text' };
  if (isJsonBody(body)) return { contentType: 'application/json', encoding: 'json' };
  if (isXmlBody(body)) return { contentType: 'application/xml', encoding: 'xml' };
  if (isFormBody(body)) return { contentType: 'application/x-www-form-urlencoded', encoding: 'form' };
  return { contentType: 'text/plain; charset=utf-8', encoding: 'text' };
}

/** HTML takes the same escapes as XML. */
function encodingOf(contentType: string): Encoding {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  if (type.includes('json')) return 'json';
  if (/[/+]xml$/.test(type) || type === 'text/html') return 'xml';
  return type === 'application/x-www-form-urlencoded' ? 'form' : 'text';
}

/** Without the labels at hand, any brackets without code in them may be a merge field. */
const mayBeField = (label: string): boolean => !/["{},:]/.test(label);

/**
 * True when a body is a JSON object or array once its merge fields are filled in.
 *
 * @param isField decides by label; by default any brackets that may be a merge field
 * @throws never
 */
export function isJsonBody(body: string, isField: (label: string) => boolean = mayBeField): boolean {
  try {
    const value: unknown = JSON.parse(fillPlaceholders(body, isField, { isJson: true }));
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

/** True when a body is `name=value` pairs joined by `&`; a line break may follow the `&`. @throws never */
export function isFormBody(body: string): boolean {
  const pairs = fillPlaceholders(body, mayBeField)
    .split('&')
    .map((pair) => pair.trim())
    .filter(Boolean);
  return pairs.length > 0 && pairs.every((pair) => FORM_PAIR.test(pair));
}

function isXmlBody(body: string): boolean {
  if (!body.trimStart().startsWith('<')) return false;
  try {
    return XMLValidator.validate(fillPlaceholders(body, mayBeField).trim()) === true;
  } catch {
    return false; // the validator throws on names such as __proto__ and on deep nesting
  }
}
