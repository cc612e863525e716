import { numberIn, readValue } from '../../domain/ontraport-value';
import { type Field, type FieldValues, fieldValueSchema } from '../../schemas/field';
import type { Problem } from '../../schemas/problem';
import type { Database, Session } from '../../store/database';
import { findByNumber } from '../../store/numbers';
import type { StoredObjectType } from '../../store/object-types';
import { RECORDS } from '../../store/records';
import { refuse } from '../problem';
import { READ_ONLY } from './records';

/**
 * Values of fields as our own API takes them, from what a client of Ontraport gives: options by id, lists in Ontraport's
 * way, relations by decimal id. What the meta endpoints call not editable is left out of account.
 *
 * @throws AppError `request.invalid` naming what is no field, and what is no value
 */
export async function readFields(
  db: Database,
  session: Session,
  given: Record<string, unknown>,
  type: StoredObjectType,
): Promise<FieldValues> {
  const problems: Problem[] = [];
  const values: FieldValues = {};
  for (const [id, raw] of Object.entries(given)) {
    if (READ_ONLY.has(id)) continue;
    const field = type.fields.find((one) => one.id === id);
    const parsed = fieldValueSchema.safeParse(asTexts(raw));
    if (!field) problems.push({ path: `fields.${id.slice(0, 100)}`, message: `is no field of ${type.plural}` });
    else if (!parsed.success)
      problems.push({ path: `fields.${id}`, message: 'must be a text, a number or a list of texts' });
    else values[id] = await readOne(db, session, parsed.data, { field, type });
  }
  refuse(problems);
  return values;
}

/** Lists come with numbers in them: the ids of options. */
const asTexts = (raw: unknown): unknown =>
  Array.isArray(raw) ? raw.map((one) => (typeof one === 'number' ? String(one) : one)) : raw;

async function readOne(
  db: Database,
  session: Session,
  value: FieldValues[string],
  { field, type }: { field: Field; type: StoredObjectType },
): Promise<FieldValues[string]> {
  const number = field.type === 'parent' ? numberIn(value) : null;
  const of = { accountId: type.accountId, number: number ?? 0 };
  const record = number === null ? null : await findByNumber(db, RECORDS as never, of, session);
  return readValue(value, field, () => record?._id);
}
