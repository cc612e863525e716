import type { Param, Spelling } from '../../schemas/spelling';
import type { AccountNumbers } from './account-numbers';
import type { Read } from './field-text';
import { type At, readParam, writeParam } from './param-text';

type Item = Record<string, unknown>;
type Refused = Extract<Read<never>, { problem: string }>;

/** A spelling, and what kind of item it spells: `{type: 'tag.added'}`. */
export interface Candidate {
  is: Item;
  spelling: Spelling<Item>;
}

/**
 * What a code with its parameters says, by the first spelling that fits. Of several problems the one is told that is wrong in
 * any case, before those that only have no counterpart here.
 *
 * @param candidates all spellings of the place: events of rules, conditions of maps
 * @param parse      checks and completes the item; its problem is told when no spelling fits
 * @throws never
 */
export function readItem<T>(
  candidates: readonly Candidate[],
  given: { code: string; params: readonly string[] },
  { numbers, parse }: { numbers: AccountNumbers; parse: (item: Item) => Read<T> },
): Read<T> {
  const fitting = candidates.filter(({ spelling }) => spelling.code === given.code);
  let refused: Refused = { problem: `"${given.code.slice(0, 60)}" has no counterpart here`, isUnknown: true };
  for (const { is, spelling } of fitting) {
    const read = readParams(spelling.params, given.params, numbers);
    const parsed = 'problem' in read ? read : parse({ ...is, ...spelling.says, ...read.value });
    if ('value' in parsed) return parsed;
    if (!parsed.isUnknown || refused.isUnknown) refused = parsed;
  }
  return refused;
}

function readParams(params: readonly Param[], given: readonly string[], numbers: AccountNumbers): Read<Item> {
  if (given.length > params.length)
    return { problem: `it has ${given.length} parameters where ${params.length} are known`, isUnknown: true };
  const item: Item = {};
  for (const [index, param] of params.entries()) {
    const text = given[index];
    const word = (text ?? '').trim();
    if ('only' in param) {
      if (word !== param.only)
        return { problem: `its option "${word.slice(0, 40)}" has no counterpart here`, isUnknown: true };
    } else if ('open' in param) {
      if (word !== '' && word !== param.open)
        return {
          problem: `it is narrowed to "${word.slice(0, 40)}", which has no counterpart here`,
          isUnknown: true,
        };
    } else {
      const read = readParam(param.holds, text, atOf(item, numbers));
      if ('problem' in read) return read;
      if (read.value !== undefined) item[param.key] = read.value;
    }
  }
  return { value: item };
}

/**
 * An item by one spelling.
 *
 * @returns its parameters, without those that are left open at the end; null where the spelling cannot say it
 * @throws never
 */
export function writeItem(item: Item, spelling: Spelling<Item>, numbers: AccountNumbers): string[] | null {
  const params: (string | undefined)[] = [];
  for (const param of spelling.params) {
    if ('only' in param) params.push(param.only);
    else if ('open' in param) params.push(param.open);
    else {
      const text = writeParam(param.holds, item[param.key], atOf(item, numbers));
      if (text === null) return null;
      params.push(text);
    }
  }
  while (params.length > 0 && params.at(-1) === undefined) params.pop();
  return params.map((text) => text ?? '');
}

const atOf = ({ fieldId = '', op = '' }: Item, numbers: AccountNumbers): At => ({
  numbers,
  fieldId: String(fieldId),
  op: String(op),
});
