import type { FieldValue, FieldValues } from '../schemas/field';
import type { ObjectType } from '../schemas/object-type';
import { type FindTarget, type MergeTarget, makeFindTarget, RECORD_ID_FIELD } from './merge-labels';

/** What relations lead to; both may lack what no template names. */
export interface Related {
  /** Object types by number */
  types: ReadonlyMap<number, ObjectType>;
  /** Records by id: those that exist in the account */
  records: ReadonlyMap<string, { objectTypeId: number; fields: FieldValues }>;
}

/** The record that a template is filled in from. An id without a value is empty. */
export interface MergeRecord {
  id: string;
  fields: FieldValues;
  related?: Related;
  /** Variables of the entry, by name */
  variables?: FieldValues;
}

/** What renders a template: which labels are merge fields, and their values. */
export interface MergeSource {
  find: FindTarget;
  read: (target: MergeTarget) => FieldValue | undefined;
}

/**
 * A record as the source of merge fields. A related record that is gone, or of another type than its field says, is
 * empty in all its fields.
 *
 * @param record null when nothing in brackets is a merge field
 * @throws never
 * @source docs/merge-fields.md
 */
export function makeMergeSource(record: MergeRecord | null, objectType: ObjectType): MergeSource {
  if (record === null) return { find: () => null, read: () => undefined };
  const { related, variables = {} } = record;
  const read = (target: MergeTarget): FieldValue | undefined => {
    if (target.kind === 'variable') return own(variables, target.name);
    let at: { id: string; fields: FieldValues } = record;
    for (const relation of target.relations) {
      const id = String(own(at.fields, relation.id) ?? '');
      const found = related?.records.get(id);
      if (found?.objectTypeId !== relation.objectTypeId) return undefined;
      at = { id, fields: found.fields };
    }
    const isOwnId = target.fieldId === RECORD_ID_FIELD && !Object.hasOwn(at.fields, RECORD_ID_FIELD);
    return isOwnId ? at.id : own(at.fields, target.fieldId);
  };
  return { find: makeFindTarget(objectType, related?.types), read };
}

/** A field may be named `constructor`, which every object has. */
const own = (values: FieldValues, key: string): FieldValue | undefined =>
  Object.hasOwn(values, key) ? values[key] : undefined;
