import type { Field, FieldValue } from '../../schemas/field';
import { parseFieldValues } from '../parse-field-values';

const MARK = '*/*';

/**
 * A value that was read, or a sentence that says what is wrong with it. `isUnknown` where it may well be right, but has no
 * counterpart here.
 */
export type Read<T> = { value: T } | { problem: string; isUnknown?: true };

/**
 * A value as Ontraport writes it: dates are Unix seconds, ticks 1 and 0, lists `* / *a* / *b* / *` (without the blanks).
 *
 * @param field undefined for one that is not known: the text is then taken as it is, and nothing as empty
 * @throws never
 * @source reference, object model, row 71
 */
export function readFieldText(text: string, field: Field | undefined): Read<FieldValue> {
  if (text === '') return { value: null };
  if (!field) return { value: text };
  const isMarked = field.type === 'list' && text.startsWith(MARK) && text.endsWith(MARK);
  const given = isMarked ? text.split(MARK).filter(Boolean) : text;
  const { values, problems } = parseFieldValues({ [field.id]: given }, [field]);
  const [problem] = problems;
  return problem ? { problem: `the value for ${field.label} ${problem.message}` } : { value: values[field.id] ?? null };
}

/** The same value as text. @throws never */
export function writeFieldText(value: FieldValue, field: Field | undefined): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.length === 0 ? '' : `${MARK}${value.join(MARK)}${MARK}`;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (field?.type !== 'fulldate') return String(value);
  const seconds = Date.parse(String(value)) / 1000;
  return Number.isInteger(seconds) ? String(seconds) : String(value);
}

/** A value that a field is compared with; lists and texts are compared as text. @throws never */
export function readComparedText(text: string, field: Field | undefined): Read<string | number | boolean> {
  if (text === '' || !field || !['numeric', 'price', 'check', 'fulldate'].includes(field.type)) return { value: text };
  const read = readFieldText(text, field);
  if ('problem' in read) return read;
  return { value: read.value === null || Array.isArray(read.value) ? text : read.value };
}
