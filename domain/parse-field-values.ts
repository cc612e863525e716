import type { Field, FieldValue, FieldValues } from '../schemas/field';
import type { RecordId } from '../schemas/ids';
import type { Problem } from '../schemas/problem';

/**
 * Reads given values by the types of their fields: numbers written as text become numbers, dates become ISO instants.
 *
 * @returns the values to store, and a problem for each that fits no field or not its type
 * @throws never
 */
export function parseFieldValues(
  given: FieldValues,
  fields: readonly Field[],
): { values: FieldValues; problems: Problem[] } {
  const values: FieldValues = {};
  const problems: Problem[] = [];
  for (const [fieldId, value] of Object.entries(given)) {
    const field = fields.find(({ id }) => id === fieldId);
    const path = `fields.${fieldId}`;
    if (!field) {
      problems.push({
        path,
        message: `is no field of this object type; it has ${fields.map(({ id }) => id).join(', ')}`,
      });
      continue;
    }
    const parsed = parseValue(value, field);
    if ('message' in parsed) problems.push({ path, message: parsed.message });
    else values[fieldId] = parsed.value;
  }
  return { values, problems };
}

const RECORD_ID = /^rec_[0-9a-z]{26}$/;

type Parsed = { value: FieldValue } | { message: string };

function parseValue(value: FieldValue, field: Field): Parsed {
  if (value === null || value === '') return { value: null };
  switch (field.type) {
    case 'numeric':
    case 'price':
      return parseNumber(value);
    case 'check':
      return parseCheck(value);
    case 'fulldate':
      return parseDate(value);
    case 'list':
      return parseList(value, field);
    case 'drop':
      return parseChoice(value, field);
    case 'parent':
      return parseParent(value);
    case 'email':
      return typeof value === 'string' && /^[^\s@]+@[^\s@]+$/.test(value.trim())
        ? { value: value.trim() }
        : { message: 'must be an e-mail address such as ada@example.com' };
    default:
      return typeof value === 'object' ? { message: 'must be text' } : { value: String(value) };
  }
}

function parseNumber(value: FieldValue): Parsed {
  if (typeof value === 'string' && value.trim() === '') return { value: null };
  const number = typeof value === 'string' ? Number(value.trim()) : value;
  return typeof number === 'number' && Number.isFinite(number) ? { value: number } : { message: 'must be a number' };
}

function parseCheck(value: FieldValue): Parsed {
  if (typeof value === 'boolean') return { value };
  const word = String(value).toLowerCase();
  if (['1', 'true', 'yes'].includes(word)) return { value: true };
  if (['0', 'false', 'no'].includes(word)) return { value: false };
  return { message: 'must be true or false' };
}

/** Takes ISO 8601 text, or Unix seconds as Ontraport writes dates. */
function parseDate(value: FieldValue): Parsed {
  const isSeconds = typeof value === 'number' || (typeof value === 'string' && /^-?\d{1,12}$/.test(value));
  const text = typeof value === 'string' ? value.trim() : '';
  const isIso = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text);
  const isOnCalendar = !isIso || isDayOfMonth(text.slice(0, 10));
  const ms = isSeconds
    ? Number(value) * 1000
    : isIso
      ? Date.parse(/[Zz]|[+-]\d{2}:?\d{2}$|^\d{4}-\d{2}-\d{2}$/.test(text) ? text : `${text}Z`)
      : Number.NaN;
  if (!isOnCalendar || Number.isNaN(ms) || Math.abs(ms) > 8.64e15)
    return { message: 'must be a date such as 2026-11-30 or 2026-11-30T09:00:00Z, or Unix seconds' };
  return { value: new Date(ms).toISOString() };
}

/** Whether a day such as 2026-02-30 exists: `Date.parse` would take it for 2 March. */
function isDayOfMonth(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

function parseChoice(value: FieldValue, field: Field): Parsed {
  const choice = String(value);
  if (!field.options || field.options.includes(choice)) return { value: choice };
  return { message: `must be one of ${field.options.join(', ')}` };
}

/** Whether there is such a record is the caller's question, see `relationsIn`. */
const parseParent = (value: FieldValue): Parsed =>
  typeof value === 'string' && RECORD_ID.test(value.trim())
    ? { value: value.trim() }
    : { message: 'must be the id of a record: rec_ and 26 letters or digits' };

/**
 * The relations among parsed values: which record each field is to lead to, and of which object type that must be.
 *
 * @param values from `parseFieldValues`; emptied relations are left out
 * @throws never
 */
export const relationsIn = (
  values: FieldValues,
  fields: readonly Field[],
): { fieldId: string; recordId: RecordId; objectTypeId: number }[] =>
  fields.flatMap(({ id, objectTypeId }) => {
    const value = Object.hasOwn(values, id) ? values[id] : null;
    return objectTypeId === undefined || typeof value !== 'string'
      ? []
      : [{ fieldId: id, recordId: value as RecordId, objectTypeId }];
  });

function parseList(value: FieldValue, field: Field): Parsed {
  const items = Array.isArray(value)
    ? value
    : String(value)
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean);
  const unknown = field.options ? items.filter((item) => !field.options?.includes(item)) : [];
  return unknown.length === 0
    ? { value: items }
    : { message: `holds ${unknown.join(', ')}, which ${unknown.length === 1 ? 'is' : 'are'} not among its options` };
}
