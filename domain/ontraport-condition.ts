import { CONDITION_OPERATORS, type ConditionTest, conditionTest, conjunction } from '../schemas/ontraport-condition';
import type { Problem } from '../schemas/problem';
import { escapePattern, likePattern, WILDCARDS_MAX, wildcardsIn } from './like-pattern';

/** How the values of a column are stored: texts, numbers, claims, ISO instants as text, dates, or lists of texts. */
export type ColumnKind = 'text' | 'number' | 'boolean' | 'instant' | 'date' | 'list';

/** A column that conditions, searches and sort orders may name. */
export interface Column {
  name: string;
  /** Where it stands in the stored document; never from the request */
  path: string;
  kind: ColumnKind;
  /** What the client writes, as it is stored: an option's number as its name, a tag's number as its id */
  stored?(text: string): unknown;
}

/** A filter as MongoDB takes it. */
export type Filter = Record<string, unknown>;

const TESTS_MAX = 50;

/**
 * Ontraport's `condition` as a filter: tests joined by "AND" or "OR", read from left to right, without precedence.
 * Operators and expressions of MongoDB cannot come from it: paths are the columns', values are bound or escaped.
 *
 * @param text JSON text such as `[{"field":{"field":"email"},"op":"=","value":{"value":"a@b.c"}}]`
 * @returns the filter, or what is wrong and where
 * @throws never
 * @source reference "Common rules"; docs/ontraport-api.md#condition
 */
export function parseCondition(
  text: string,
  columns: readonly Column[],
): { filter: Filter; problems: [] } | { filter: null; problems: Problem[] } {
  const refused = (...problems: Problem[]) => ({ filter: null, problems });
  let parts: unknown;
  try {
    parts = JSON.parse(text);
  } catch {
    return refused({ path: 'condition', message: 'is not valid JSON' });
  }
  if (!Array.isArray(parts) || parts.length % 2 === 0)
    return refused({ path: 'condition', message: 'must be a JSON array: test, "AND" or "OR", test, and so on' });
  if (parts.length > TESTS_MAX * 2) return refused({ path: 'condition', message: `has more than ${TESTS_MAX} tests` });

  let whole: Filter = {};
  for (let at = 0; at < parts.length; at += 2) {
    const path = `condition.${at}`;
    const parsed = conditionTest.safeParse(parts[at]);
    if (!parsed.success) return refused({ path, message: messageOf(parsed.error.issues[0]?.path) });
    const one = toFilter(parsed.data, columns);
    if (typeof one === 'string') return refused({ path, message: one });
    if (at === 0) whole = one;
    else {
      const word = conjunction.safeParse(parts[at - 1]);
      if (!word.success) return refused({ path: `condition.${at - 1}`, message: 'must be "AND" or "OR"' });
      whole = join(whole, word.data === 'AND' ? '$and' : '$or', one);
    }
  }
  return { filter: whole, problems: [] };
}

function messageOf(path: readonly PropertyKey[] = []): string {
  if (path[0] === 'op') return `has an unknown "op"; must be one of ${CONDITION_OPERATORS.join(', ')}`;
  return 'must be {"field":{"field":"..."},"op":"=","value":{"value":"..."}}, or with "list":[{"value":"..."}] as value';
}

/** Equal conjunctions in a row share one list, so that long conditions stay flat. */
function join(left: Filter, word: '$and' | '$or', right: Filter): Filter {
  const already = left[word];
  return { [word]: Array.isArray(already) ? [...already, right] : [left, right] };
}

/** One test as a filter, or the sentence of its mistake. */
function toFilter({ field, op, value: given }: ConditionTest, columns: readonly Column[]): Filter | string {
  const column = columns.find(({ name }) => name === field.field);
  if (!column) return `names the field "${field.field}", which there is not; see the meta endpoint`;
  const values = 'list' in given ? given.list.map((one) => one.value) : [given.value];
  if (op !== 'IN' && op !== 'NOT IN' && values.length > 1) return `gives a list to ${op}, which takes one value`;
  const bound = values.map((one) => bind(one, column));
  const mistake = bound.find((one) => 'mistake' in one);
  if (mistake) return `compares "${column.name}" with a value that ${mistake.mistake}`;
  return compare(
    column,
    op,
    bound.map((one) => ('value' in one ? one.value : null)),
    String(values[0] ?? ''),
  );
}

const EMPTY = { $in: [null, ''] };

/** @param raw the first value as written, for patterns */
function compare(
  { path, kind, name }: Column,
  op: ConditionTest['op'],
  values: unknown[],
  raw: string,
): Filter | string {
  const [first] = values;
  const is = first === null ? EMPTY : { $eq: first };
  switch (op) {
    case '=':
    case 'IS':
      return { [path]: is };
    case '<>':
      return { [path]: first === null ? { $nin: [null, ''] } : { $ne: first } };
    case '>':
    case '<':
    case '>=':
    case '<=':
      if (kind === 'list' || kind === 'boolean') return `compares "${name}" by ${op}, which has no order`;
      return { [path]: { [ORDER[op]]: first } };
    case 'IN':
      return { [path]: { $in: values } };
    case 'NOT IN':
      return { [path]: { $nin: values } };
    case 'LIKE':
      if (kind !== 'text') return `compares "${name}" by LIKE, which is for texts`;
      if (wildcardsIn(raw) > WILDCARDS_MAX) return `has a pattern with more than ${WILDCARDS_MAX} times %`;
      return { [path]: { $regex: likePattern(raw), $options: 'is' } };
    case 'CONTAINS':
    case 'DOES NOT CONTAIN': {
      const isText = kind === 'text';
      if (!isText && kind !== 'list') return `compares "${name}" by ${op}, which is for texts and lists`;
      const holds = isText ? { $regex: escapePattern(raw), $options: 'i' } : { $eq: first };
      return { [path]: op === 'CONTAINS' ? holds : { $not: holds } };
    }
  }
}

const ORDER = { '>': '$gt', '<': '$lt', '>=': '$gte', '<=': '$lte' } as const;
function bind(
  given: string | number | boolean | null,
  { kind, stored }: Column,
): { value: unknown } | { mistake: string } {
  if (given === null || given === '' || (typeof given === 'string' && given.toUpperCase() === 'NULL'))
    return { value: null };
  const text = typeof given === 'boolean' ? (given ? '1' : '0') : String(given);
  if (stored) return { value: stored(text) };
  switch (kind) {
    case 'text':
    case 'list':
      return { value: text };
    case 'number':
      return Number.isFinite(Number(text)) ? { value: Number(text) } : { mistake: 'is no number' };
    case 'boolean':
      return /^(0|1|true|false)$/i.test(text) ? { value: /^(1|true)$/i.test(text) } : { mistake: 'is neither 0 nor 1' };
    case 'instant':
    case 'date': {
      const ms = /^-?\d{1,12}$/.test(text) ? Number(text) * 1000 : Date.parse(text);
      if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) return { mistake: 'is neither Unix seconds nor a date' };
      return { value: kind === 'date' ? new Date(ms) : new Date(ms).toISOString() };
    }
  }
}
