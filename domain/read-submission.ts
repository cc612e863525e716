import type { Field, FieldValue, FieldValues } from '../schemas/field';
import type { FormSettings } from '../schemas/form';
import type { Problem } from '../schemas/problem';

/**
 * What a post gives the fields of a form. What the form does not ask for is ignored, hidden fields keep the form's value,
 * and what is left empty is not given.
 *
 * @param posted names and values as they came; of a name that came twice a list
 * @param fields those of the form's object type
 * @returns values still to be read by type, and a problem for each required field without one; its path is the field's id
 * @throws never
 */
export function readSubmission(
  settings: Pick<FormSettings, 'fields'>,
  posted: Readonly<Record<string, unknown>>,
  fields: readonly Field[],
): { values: FieldValues; problems: Problem[] } {
  const values: FieldValues = {};
  const problems: Problem[] = [];
  for (const { fieldId, isHidden, isRequired, value } of settings.fields) {
    const type = fields.find(({ id }) => id === fieldId)?.type;
    const given = isHidden
      ? (value ?? null)
      : readPosted(Object.hasOwn(posted, fieldId) ? posted[fieldId] : null, type);
    if (given === undefined) problems.push({ path: fieldId, message: 'cannot be read; give one value' });
    else if (!isBlank(given)) values[fieldId] = given;
    const isMissing = isBlank(given ?? null) || (type === 'check' && NO.includes(String(given)));
    if (isRequired && !isHidden && given !== undefined && isMissing)
      problems.push({ path: fieldId, message: 'must be filled in' });
  }
  return { values, problems };
}

const NO = ['0', 'false', 'no'];
const TEXT_MAX = 65_535;

const isBlank = (value: FieldValue): boolean =>
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.every((item) => item === ''));

/** Undefined for what no field holds. A ticked box comes behind the "0" of the box that is not ticked. */
function readPosted(value: unknown, type: Field['type'] | undefined): FieldValue | undefined {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return value.length <= TEXT_MAX ? value : undefined;
  if (!Array.isArray(value) || value.length > 500) return undefined;
  const items = value.filter((item): item is string => typeof item === 'string' && item !== '');
  if (type === 'list') return items;
  return type === 'check' ? (items.at(-1) ?? null) : undefined;
}
