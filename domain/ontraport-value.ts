import type { Field, FieldValue } from '../schemas/field';

/** Lists of Ontraport: the ids of the options between these. */
const BETWEEN = '*/*';

/** The id of an option: its place among the options, from 1; an option without a place is its own id. @throws never */
export function optionIdOf({ options = [] }: Pick<Field, 'options'>, name: string): string {
  const at = options.indexOf(name);
  return at < 0 ? name : String(at + 1);
}

/** The option that a client means by its id or its name; a number that is both is the id, as it is shown. @throws never */
export const optionOf = ({ options = [] }: Pick<Field, 'options'>, given: string): string =>
  (/^[1-9]\d{0,3}$/.test(given) ? options[Number(given) - 1] : undefined) ?? given;

/** A list as Ontraport writes it: the ids between `BETWEEN`, or nothing. @throws never */
export const joinList = (ids: readonly string[]): string =>
  ids.length === 0 ? '' : `${BETWEEN}${ids.join(BETWEEN)}${BETWEEN}`;

/** The parts of a list as a client writes it: in Ontraport's way, with commas, or as a list. @throws never */
export function splitList(given: string | readonly string[]): string[] {
  const parts = typeof given === 'string' ? given.split(given.includes(BETWEEN) ? BETWEEN : ',') : given;
  return parts.map((part) => part.trim()).filter(Boolean);
}

/** Unix seconds of an instant, as text. @throws never */
export const secondsOf = (at: Date | string): string => String(Math.floor(new Date(at).getTime() / 1000));

/**
 * A value as Ontraport shows it: always text, empty where there is none; dates in Unix seconds, options by their ids.
 *
 * @param numberOf decimal id of the record that a relation leads to
 * @throws never
 */
export function showValue(value: FieldValue | undefined, field: Field, numberOf: (id: string) => string): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return joinList(value.map((one) => optionIdOf(field, one)));
  if (typeof value === 'boolean') return value ? '1' : '0';
  switch (field.type) {
    case 'fulldate':
      return secondsOf(String(value));
    case 'drop':
      return optionIdOf(field, String(value));
    case 'parent':
      return numberOf(String(value));
    default:
      return String(value);
  }
}

/** The decimal id in a value of a relation; null where it holds none. @throws never */
export const numberIn = (given: FieldValue): number | null => (/^\d{1,15}$/.test(String(given)) ? Number(given) : null);

/**
 * A value as a client of Ontraport gives it, in our terms: options by their names, the record of a relation by its id. What
 * is neither stays as it is, for `parseFieldValues` to refuse.
 *
 * @param idOf the record that has a decimal id
 * @throws never
 */
export function readValue(given: FieldValue, field: Field, idOf: (number: number) => string | undefined): FieldValue {
  if (given === null || given === '') return null;
  switch (field.type) {
    case 'list':
      return splitList(Array.isArray(given) ? given : String(given)).map((one) => optionOf(field, one));
    case 'drop':
      return Array.isArray(given) ? given : optionOf(field, String(given));
    case 'parent': {
      const number = numberIn(given);
      return number === null ? given : (idOf(number) ?? given);
    }
    default:
      return given;
  }
}
