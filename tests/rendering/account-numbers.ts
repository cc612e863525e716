import type { AccountNumbers, NumberedKind } from '../../domain/ontraport/account-numbers';
import { type Field, fieldSchema } from '../../schemas/field';
import { ID_PREFIXES, type Id } from '../../schemas/ids';

const DIGITS = 26;

/** The id that stands under a decimal id in `testNumbers`. */
export const idOfNumber = <K extends NumberedKind>(kind: K, number: number): Id<K> =>
  `${ID_PREFIXES[kind]}_${String(number).padStart(DIGITS, '0')}` as Id<K>;

const FIELDS: readonly Field[] = [
  { id: 'state', label: 'State', type: 'text' },
  { id: 'score', label: 'Score', type: 'numeric' },
  { id: 'optin', label: 'Opt-in', type: 'check' },
  { id: 'birthday', label: 'Birthday', type: 'fulldate' },
  { id: 'colours', label: 'Colours', type: 'list', options: ['red', 'blue', 'green'] },
  { id: 'size', label: 'Size', type: 'drop', options: ['S', 'M', '1'] },
  { id: 'notes', label: 'Notes', type: 'list' },
  { id: 'employer', label: 'Employer', type: 'parent', objectTypeId: 150 },
].map((field) => fieldSchema.parse(field));

/** An account that has everything under the numbers 1 to 999, and a field of each type that texts are read by. */
export const testNumbers: AccountNumbers = {
  idOf: (kind, number) => (number >= 1 && number <= 999 ? idOfNumber(kind, number) : undefined),
  numberOf: (_kind, id) => Number(id.slice(-DIGITS)) || undefined,
  fieldOf: (fieldId) => FIELDS.find(({ id }) => id === fieldId),
};
