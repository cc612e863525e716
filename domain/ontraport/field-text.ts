import type { FieldOperator } from '../../schemas/condition';
import type { Field, FieldValue } from '../../schemas/field';
import { numberIn, optionIdOf, optionOf, readValue, showValue, splitList } from '../ontraport-value';
import { parseFieldValues } from '../parse-field-values';
import type { AccountNumbers } from './account-numbers';

/**
 * A value that was read, or a sentence that says what is wrong with it. `isUnknown` where it may well be right, but has no
 * counterpart here.
 */
export type Read<T> = { value: T } | { problem: string; isUnknown?: true };

/** How a field that is not known is read and written. */
const TEXT: Field = { id: 'text', label: 'Text', type: 'text' };

/**
 * A value as Ontraport writes it, see `showValue`; names of options and ids of records are understood, too.
 *
 * @param field undefined for one that is not known: the text is then taken as it is, and nothing as empty
 * @throws never
 * @source reference, object model, row 71
 */
export function readFieldText(text: string, field: Field | undefined, numbers: AccountNumbers): Read<FieldValue> {
  if (text === '') return { value: null };
  if (!field) return { value: text };
  const given = readValue(text, field, (number) => numbers.idOf('record', number));
  if (field.type === 'parent' && given === text && numberIn(text) !== null)
    return {
      problem: `the value for ${field.label} must be the id of a record, and there is no record ${text} in this account`,
    };
  const { values, problems } = parseFieldValues({ [field.id]: given }, [field]);
  const [problem] = problems;
  return problem ? { problem: `the value for ${field.label} ${problem.message}` } : { value: values[field.id] ?? null };
}

/** The same value as text; null where a relation leads to nothing. @throws never */
export function writeFieldText(value: FieldValue, field: Field | undefined, numbers: AccountNumbers): string | null {
  if (value === null) return '';
  // Ontraport has whole seconds: the rest, and what is no date, would be lost.
  if (field?.type === 'fulldate' && !Number.isInteger(Date.parse(String(value)) / 1000)) return String(value);
  const number = field?.type === 'parent' ? numbers.numberOf('record', String(value)) : 0;
  return number === undefined ? null : showValue(value, field ?? TEXT, () => String(number));
}

/** What a field is compared with, and by which operator. */
interface Compared {
  field: Field | undefined;
  op: string;
}

/** A value that a field is compared with; texts are compared as text. @throws never */
export function readComparedText(
  text: string,
  { field, op }: Compared,
  numbers: AccountNumbers,
): Read<string | number | boolean> {
  if (text === '' || !field) return { value: text };
  switch (field.type) {
    case 'drop':
    case 'list':
      return readOption(text, { field, op });
    case 'numeric':
    case 'price':
    case 'check':
    case 'fulldate':
    case 'parent': {
      const read = readFieldText(text, field, numbers);
      if ('problem' in read) return read;
      return { value: read.value === null || Array.isArray(read.value) ? text : read.value };
    }
    default:
      return { value: text };
  }
}

/** The same value as text; null where a relation leads to nothing. @throws never */
export const writeComparedText = (
  value: string | number | boolean,
  field: Field | undefined,
  numbers: AccountNumbers,
): string | null => (field?.type === 'list' ? optionIdOf(field, String(value)) : writeFieldText(value, field, numbers));

/** Operators by which whole options are compared; others look into the name of the one that was chosen. */
const WHOLE: Readonly<Partial<Record<Field['type'], readonly FieldOperator[]>>> = {
  drop: ['equals', 'not-equals'],
  list: ['equals', 'not-equals', 'contains', 'not-contains'],
};

/** The name of an option; a part of one where the operator looks for parts. */
function readOption(text: string, { field, op }: { field: Field; op: string }): Read<string> {
  const [one = text, ...others] = field.type === 'list' ? splitList(text) : [text];
  if (others.length > 0) return { problem: `it compares ${field.label} with several options at once`, isUnknown: true };
  const { options } = field;
  const name = optionOf(field, one);
  const isOption = !options || options.some((option) => option.toLowerCase() === name.toLowerCase());
  const isWhole = numberIn(one) !== null || WHOLE[field.type]?.some((whole) => whole === op);
  return isOption || !isWhole
    ? { value: name }
    : { problem: `the value for ${field.label} must be the id of an option, 1 to ${options.length}, or its name` };
}
