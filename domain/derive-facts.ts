import type { Fact } from '../schemas/event';
import type { FieldValue } from '../schemas/field';
import type { RecordFacts } from '../schemas/record';

const isSame = (a: FieldValue, b: FieldValue): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What a record holds in a field, or null; a field may be named `constructor`, which every object has. @throws never */
export const valueIn = ({ fields }: RecordFacts, fieldId: string): FieldValue =>
  Object.hasOwn(fields, fieldId) ? (fields[fieldId] ?? null) : null;

/**
 * The facts that follow from a change of a record: fields in the order of their names, then tags removed, then added.
 *
 * @returns one fact for each field and tag that differs; empty when nothing does
 * @throws never
 */
export function deriveFacts(before: RecordFacts, after: RecordFacts): Fact[] {
  const fieldIds = [...new Set([...Object.keys(before.fields), ...Object.keys(after.fields)])].sort();
  const updated = fieldIds.flatMap((fieldId): Fact[] => {
    const [was, is] = [valueIn(before, fieldId), valueIn(after, fieldId)];
    return isSame(was, is) ? [] : [{ type: 'field.updated', fieldId, before: was, after: is }];
  });
  const removed = before.tagIds
    .filter((tagId) => !after.tagIds.includes(tagId))
    .map((tagId): Fact => ({ type: 'tag.removed', tagId }));
  const added = after.tagIds
    .filter((tagId) => !before.tagIds.includes(tagId))
    .map((tagId): Fact => ({ type: 'tag.added', tagId }));
  return [...updated, ...removed, ...added];
}

/** The record with tags added and removed; a tag named in both ends up removed. */
export function changeTags<R extends RecordFacts>(
  record: R,
  change: { add: RecordFacts['tagIds']; remove: RecordFacts['tagIds'] },
): R {
  const tagIds = [...new Set([...record.tagIds, ...change.add])].filter((tagId) => !change.remove.includes(tagId));
  return { ...record, tagIds };
}

/** The record with fields set; a field set to null is emptied. */
export function changeFields<R extends RecordFacts>(record: R, fields: RecordFacts['fields']): R {
  return { ...record, fields: { ...record.fields, ...fields } };
}
