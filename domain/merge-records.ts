import type { FieldValue } from '../schemas/field';
import type { RecordFacts } from '../schemas/record';
import { changeTags, valueIn } from './derive-facts';

const isEmpty = (value: FieldValue): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);

/**
 * A record after another was merged into it: what it has stays, its empty fields are taken from the other, tags united.
 *
 * @throws never
 */
export function mergeRecords(record: RecordFacts, other: RecordFacts): RecordFacts {
  const taken = Object.keys(other.fields)
    .filter((fieldId) => isEmpty(valueIn(record, fieldId)) && !isEmpty(valueIn(other, fieldId)))
    .map((fieldId) => [fieldId, valueIn(other, fieldId)] as const);
  const fields = { ...record.fields, ...Object.fromEntries(taken) };
  return { fields, tagIds: changeTags(record, { add: other.tagIds, remove: [] }).tagIds };
}
