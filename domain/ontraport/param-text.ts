import { DAY_OPERATOR_CODES, OPERATOR_CODES, OPERATOR_WORDS, SPAN_UNIT_CODES } from '../../schemas/condition-catalogue';
import type { FieldValue } from '../../schemas/field';
import type { RelativeDate } from '../../schemas/relative-date';
import type { ParamKind } from '../../schemas/spelling';
import type { AccountNumbers, NumberedKind } from './account-numbers';
import { readDateWord, writeDateWord } from './date-word';
import { type Read, readComparedText, readFieldText, writeComparedText, writeFieldText } from './field-text';

const NUMBERED: Readonly<Partial<Record<ParamKind, NumberedKind>>> = {
  tag: 'tag',
  tags: 'tag',
  product: 'record',
  form: 'form',
  map: 'map',
  webhook: 'webhook',
  message: 'message',
};
const NUMBER = /^\d{1,15}$/;
const OUTCOMES = ['success', 'failure'];
const findKey = (table: Readonly<Record<string, string | readonly string[]>>, text: string): string | undefined =>
  Object.entries(table).find(([, words]) => [words].flat().includes(text))?.[0];

/** Where a parameter stands: the account, and what earlier parameters said of field and operator. */
export interface At {
  numbers: AccountNumbers;
  fieldId: string;
  op: string;
}

/** What a parameter says. Nothing, and 0 where an id is expected, leave it open. @throws never */
export function readParam(holds: ParamKind, text: string | undefined, at: At): Read<unknown> {
  if (text === undefined) return { value: undefined };
  const kind = NUMBERED[holds];
  if (kind) return readNumber(holds, kind, text.trim(), at.numbers);
  const word = text.trim();
  const field = at.numbers.fieldOf(at.fieldId);
  switch (holds) {
    case 'field':
      return { value: word === '' ? undefined : word };
    case 'text':
      return { value: word === '' || word === '0' ? undefined : word };
    case 'email':
      if (word === '' || word === '0') return { value: undefined };
      return NUMBER.test(word)
        ? { value: word }
        : {
            problem: `"${word.slice(0, 40)}" names a link; clicks of all links of an e-mail are counted here`,
            isUnknown: true,
          };
    case 'outcome':
      return word === '' ? { value: undefined } : known(OUTCOMES[Number(word)], `${word} is no outcome: 0 or 1`);
    case 'operator':
      return knownOperator(findKey(OPERATOR_WORDS, word), word);
    case 'operator-code':
      return knownOperator(findKey(OPERATOR_CODES, word), word);
    case 'day-operator':
      return known(findKey(DAY_OPERATOR_CODES, word), `"${word}" is neither 1 (on), 2 (before) nor 3 (after)`);
    case 'unit':
      return known(findKey(SPAN_UNIT_CODES, word), `"${word}" is neither 0 (days), 1 (weeks) nor 2 (months)`);
    case 'number':
      return known(
        /^\d{1,15}(\.\d{1,6})?$/.test(word) ? Number(word) : undefined,
        `"${word.slice(0, 40)}" is no number`,
      );
    case 'value':
      return readDateWord(word, field) ?? readComparedText(text, { field, op: at.op }, at.numbers);
    case 'new-value':
      return readFieldText(text, field, at.numbers);
    case 'day': {
      const ms = Number(word) * 1000;
      if (word === '' || !(Math.abs(ms) < 8.64e15)) return { problem: `"${word}" is no date in Unix seconds` };
      return { value: new Date(ms).toISOString().slice(0, 10) };
    }
  }
  return { problem: 'it is not understood' };
}

function readNumber(holds: ParamKind, kind: NumberedKind, word: string, numbers: AccountNumbers): Read<unknown> {
  if (word === '' || word === '0') return { value: undefined };
  if (!NUMBER.test(word)) return { problem: `"${word.slice(0, 40)}" is no id of a ${holds.replace(/s$/, '')}` };
  const id = numbers.idOf(kind, Number(word));
  if (id === undefined) return { problem: `there is no ${holds.replace(/s$/, '')} ${word} in this account` };
  return { value: holds === 'tags' ? [id] : id };
}

/** @returns the text; undefined for what is left open at the end; null for what cannot be written @throws never */
export function writeParam(holds: ParamKind, value: unknown, at: At): string | undefined | null {
  const kind = NUMBERED[holds];
  if (kind) {
    const id = Array.isArray(value) ? (value.length === 1 ? value[0] : null) : value;
    if (id === undefined) return '0';
    const number = typeof id === 'string' ? at.numbers.numberOf(kind, id) : undefined;
    return number === undefined ? null : String(number);
  }
  if (value === undefined) return holds === 'text' || holds === 'email' ? '0' : undefined;
  const field = at.numbers.fieldOf(at.fieldId);
  switch (holds) {
    case 'outcome':
      return String(OUTCOMES.indexOf(String(value)));
    case 'operator':
      return (OPERATOR_WORDS as Record<string, string>)[String(value)] ?? null;
    case 'operator-code':
      return (OPERATOR_CODES as Record<string, readonly string[]>)[String(value)]?.[0] ?? null;
    case 'day-operator':
      return (DAY_OPERATOR_CODES as Record<string, string>)[String(value)] ?? null;
    case 'unit':
      return (SPAN_UNIT_CODES as Record<string, string>)[String(value)] ?? null;
    case 'value':
      return typeof value === 'object'
        ? writeDateWord(value as RelativeDate, field)
        : writeComparedText(value as string | number | boolean, field, at.numbers);
    case 'new-value':
      return writeFieldText(value as FieldValue, field, at.numbers);
    case 'day':
      return String(Date.parse(String(value)) / 1000);
    default:
      return String(value);
  }
}

const knownOperator = (op: string | undefined, word: string): Read<unknown> =>
  op === undefined ? { problem: `the comparison "${word}" is not known`, isUnknown: true } : { value: op };
const known = (value: unknown, problem: string): Read<unknown> => (value === undefined ? { problem } : { value });
