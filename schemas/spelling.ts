/**
 * What one parameter of an item holds. `tag` to `message` are decimal ids; `tags` is one too, kept as a list of one; `email`
 * is one that is kept as it is.
 * `operator` is a word in rule strings ("Equal To"), `operator-code` a code in the JSON of maps ("e"); `value` is read by
 * the type of the field that an earlier parameter names; `day` is a day as Unix seconds, `day-operator` and `unit` are numbers.
 */
export type ParamKind =
  | 'tag'
  | 'tags'
  | 'product'
  | 'form'
  | 'map'
  | 'webhook'
  | 'message'
  | 'email'
  | 'field'
  | 'text'
  | 'outcome'
  | 'operator'
  | 'operator-code'
  | 'number'
  | 'value'
  | 'new-value'
  | 'day'
  | 'day-operator'
  | 'unit';

/**
 * One parameter: a property of the item, a text that tells this item from others, or one that must be left open here
 * (empty or 0), since we have no counterpart.
 */
export type Param = { key: string; holds: ParamKind } | { only: string } | { open: '0' };

/**
 * One way in which Ontraport writes an item: `code(p1,p2)` in the strings of rules, `{code: {a0: p1, a1: p2}}` in the JSON
 * of maps. Of several spellings of one item the first is written, all are read.
 */
export interface Spelling<T extends object> {
  code: string;
  params: readonly Param[];
  /** What the code alone says of the item */
  says: Partial<T>;
}

/** The same for a kind of item, in both places. */
export interface Spellings<T extends object> {
  rule: readonly Spelling<T>[];
  map: readonly Spelling<T>[];
}

/** A spelling, short. */
export const spelled = <T extends object>(code: string, says: Partial<T>, ...params: Param[]): Spelling<T> => ({
  code,
  params,
  says,
});
