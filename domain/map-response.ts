import type { Field, FieldValue } from '../schemas/field';
import type { ObjectType } from '../schemas/object-type';
import {
  MAPPED_BYTES_MAX,
  type Mapped,
  type MappedType,
  type ResponseMapping,
  type ResponseMappingRow,
} from '../schemas/response-mapping';
import { findAt, parseJsonPath } from './json-path';
import { parseFieldValues } from './parse-field-values';

type Fitted = { value: FieldValue } | { message: string };

/**
 * Takes values out of an answer.
 *
 * A row whose path leads nowhere, whose value does not fit, or whose answer is no JSON gives its default; without one
 * it changes nothing and a problem says why. null in the answer empties the target, or gives the default.
 *
 * @param answer as much of the body as was kept, and whether there was more
 * @param rows of the settings, at most 20; of two with one target the later wins
 * @returns values by field id and by name of a variable, at most 6 KiB of them: rows beyond that are problems
 * @throws never
 * @source docs/response-mapping.md
 */
export function mapResponse(
  answer: { body: string; isTruncated: boolean },
  rows: ResponseMapping,
  objectType: ObjectType,
): Mapped {
  const mapped: Mapped = { fields: {}, variables: {}, problems: [] };
  const left = { value: MAPPED_BYTES_MAX.values, problem: MAPPED_BYTES_MAX.problems };
  const hasRoom = (kind: keyof typeof left, bytes: number): boolean => {
    if (bytes <= left[kind]) left[kind] -= bytes;
    else return false;
    return true;
  };
  const tell = (problem: string) => {
    if (hasRoom('problem', bytesOf(problem))) mapped.problems.push(problem);
  };
  const body = parseBody(answer);
  if (body.problem !== null) tell(body.problem);
  for (const row of rows) {
    const found = body.problem === null ? findAt(body.value, parseJsonPath(row.path).path ?? []) : undefined;
    const fitted = choose(row, found, objectType);
    // An answer that could not be read was told about once, for all rows.
    const isTold = fitted.problem !== null && (body.problem === null || found !== undefined);
    if (isTold) tell(`${shortPath(row)} ${fitted.problem}`);
    if (fitted.value === undefined) continue;
    if (!hasRoom('value', bytesOf(fitted.value) + bytesOf(row.target)))
      tell(`${shortPath(row)} is too long: the values of one answer hold 6 KiB at most`);
    else if (row.target.kind === 'field') mapped.fields[row.target.fieldId] = fitted.value;
    else mapped.variables[row.target.name] = fitted.value;
  }
  return mapped;
}

/** The value of one row: found in the answer, or its default; undefined changes nothing. */
function choose(
  row: ResponseMappingRow,
  found: unknown,
  objectType: ObjectType,
): { value: FieldValue | undefined; problem: string | null } {
  const fallback = row.default === undefined ? null : fitDefault(row, objectType);
  const instead = fallback && 'value' in fallback ? fallback.value : undefined;
  if ((found === undefined || found === null) && instead !== undefined) return { value: instead, problem: null };
  if (found === undefined) return { value: undefined, problem: 'leads to nothing in the answer' };
  const value = toFieldValue(found, row.type);
  const fitted = 'value' in value ? fitTarget(value.value, row.target, objectType) : value;
  return 'value' in fitted ? { value: fitted.value, problem: null } : { value: instead, problem: fitted.message };
}

/** The default of a row as its target takes it. @throws never */
export function fitDefault(
  { default: value = null, type, target }: ResponseMappingRow,
  objectType: ObjectType,
): Fitted {
  const typed = toFieldValue(value, type === 'json' ? undefined : type);
  return 'value' in typed ? fitTarget(typed.value, target, objectType) : typed;
}

/** A value of a mapping as its target takes it. @throws never */
export function fitTarget(value: FieldValue, target: ResponseMappingRow['target'], objectType: ObjectType): Fitted {
  if (target.kind === 'variable') return { value };
  const field = objectType.fields.find(({ id }) => id === target.fieldId);
  return field ? parseOne(value, field) : { message: `goes to "${target.fieldId}", a field that is gone` };
}

/**
 * A value of JSON as a record can hold it.
 *
 * @param type `text` joins lists with ", "; `json` writes JSON; without it a list stays one and an object is refused
 * @throws never
 */
export function toFieldValue(value: unknown, type?: MappedType): Fitted {
  if (value === null) return { value: null };
  if (type === 'json') return toJsonText(value);
  if (Array.isArray(value)) return toListValue(value, type);
  if (typeof value === 'object') return { message: 'is an object; choose the type "json" or a path into it' };
  const scalar = typeof value === 'string' ? wellFormed(value) : (value as number | boolean);
  switch (type) {
    case 'text':
      return { value: String(scalar) };
    case 'number':
      return parseOne(scalar, { id: 'value', label: '', type: 'numeric' });
    case 'boolean':
      return parseOne(scalar, { id: 'value', label: '', type: 'check' });
    case undefined:
      return { value: scalar };
  }
}

/** An answer may be nested deeper than JSON can be written. */
function toJsonText(value: unknown): Fitted {
  try {
    return { value: wellFormed(JSON.stringify(value)) };
  } catch {
    return { message: 'is nested too deeply to be kept' };
  }
}

function toListValue(list: readonly unknown[], type: MappedType | undefined): Fitted {
  if (!list.every(isScalar) || (type !== undefined && type !== 'text'))
    return { message: 'is a list; choose the type "json" or a path into it' };
  const items = list.map((item) => wellFormed(String(item)));
  return { value: type === 'text' ? items.join(', ') : items };
}

const isScalar = (value: unknown): boolean => value !== null && typeof value !== 'object';

function parseOne(value: FieldValue, field: Field): Fitted {
  const { values, problems } = parseFieldValues({ [field.id]: value }, [field]);
  const [problem] = problems;
  return problem ? { message: problem.message } : { value: values[field.id] ?? null };
}

function parseBody({ body, isTruncated }: { body: string; isTruncated: boolean }) {
  if (body.trim() === '') return { problem: 'The answer has no body' };
  const value = parseJson(body);
  // Of a number that was cut off, the rest is a number too.
  if (value !== undefined && (!isTruncated || typeof value === 'object')) return { value, problem: null };
  return {
    problem: isTruncated ? 'The answer is longer than the 16 KiB that are read of it' : 'The answer is not JSON',
  };
}

/**
 * Whole numbers beyond 2^53, such as 64-bit ids, become text: as numbers they would lose their last digits.
 *
 * @returns undefined for what is no JSON
 */
function parseJson(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    if (!/\d{16}/.test(json)) return value;
    const exact = json.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs, (token) =>
      /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
    );
    return JSON.parse(exact);
  } catch {
    return undefined;
  }
}

const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD');
const shortPath = ({ path }: ResponseMappingRow): string => (path.length <= 40 ? path : `${path.slice(0, 39)}…`);
const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;
