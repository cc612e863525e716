import type { Field, FieldValue, FieldValues } from '../schemas/field';
import type { InboundSettings } from '../schemas/inbound';
import type { Problem } from '../schemas/problem';
import { findAt, parseJsonPath } from './json-path';
import { parseFieldValues } from './parse-field-values';

/** Most bytes of a message that its event keeps, as JSON. */
export const DATA_BYTES_MAX = 16 * 1024;

/**
 * The values of a message by the fields that they go into. What the message does not hold stays as it is.
 *
 * @param message parsed JSON, or a form as names and texts
 * @returns the values that fit their field, and a problem for each that does not
 * @throws never
 * @source docs/inbound.md
 */
export function readMessage(
  message: unknown,
  mapping: InboundSettings['mapping'],
  fields: readonly Field[],
): { values: FieldValues; leftOut: Problem[] } {
  const values: FieldValues = {};
  const leftOut: Problem[] = [];
  for (const { path, fieldId } of mapping) {
    const value = valueAt(message, path);
    if (value === undefined) continue;
    if (!isFieldValue(value)) {
      leftOut.push({
        path: `fields.${fieldId}`,
        message: `must be a value, not an object or a list of them, at ${path}`,
      });
      continue;
    }
    const parsed = parseFieldValues({ [fieldId]: value }, fields);
    leftOut.push(...parsed.problems);
    Object.assign(values, parsed.values);
  }
  return { values, leftOut };
}

/** What stands at a path: `$.a.b` in JSON, else a member of that name. @throws never */
export function valueAt(message: unknown, path: string): unknown {
  if (!path.trim().startsWith('$')) return findAt(message, [path]);
  const parsed = parseJsonPath(path);
  return parsed.path ? findAt(message, parsed.path) : undefined;
}

const isFieldValue = (value: unknown): value is FieldValue =>
  value === null ||
  ['string', 'number', 'boolean'].includes(typeof value) ||
  (Array.isArray(value) && value.every((item) => typeof item === 'string'));

/**
 * A message as the data of its event: whole, or its first members as far as they fit.
 *
 * @param sizeOf bytes of a text
 * @returns with `isCut: true` where something is missing
 * @throws never
 */
export function dataOf(message: unknown, sizeOf: (text: string) => number): Record<string, never> {
  const isObject = typeof message === 'object' && message !== null && !Array.isArray(message);
  const whole = (isObject ? message : { value: message }) as Record<string, unknown>;
  if (sizeOf(JSON.stringify(whole)) <= DATA_BYTES_MAX) return whole as Record<string, never>;
  const kept: Record<string, unknown> = { isCut: true };
  let bytes = sizeOf(JSON.stringify(kept));
  for (const [name, value] of Object.entries(whole)) {
    bytes += sizeOf(JSON.stringify({ [name]: value }));
    if (bytes > DATA_BYTES_MAX) break;
    kept[name] = value;
  }
  return kept as Record<string, never>;
}
