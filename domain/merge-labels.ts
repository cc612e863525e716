import type { Field } from '../schemas/field';
import type { ObjectType } from '../schemas/object-type';
import { cleanLabel } from './parse-template';

/** Field id under which a record's own id is asked for. */
export const RECORD_ID_FIELD = 'id';
/** Relations that one merge field may go over: `[Company//Owner//Region//Name]` goes over three. */
export const RELATIONS_MAX = 3;
const CONTACT_TYPE = 0;
const VARIABLE_NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** A field that leads to a record of another object type. */
export type Relation = Field & { objectTypeId: number };

/** What a label names: a field, perhaps of a related record, or a variable of the entry. */
export type MergeTarget =
  | { kind: 'field'; relations: readonly Relation[]; fieldId: string }
  | { kind: 'variable'; name: string };

/** Tells what a cleaned label names; null when it names nothing. */
export type FindTarget = (label: string) => MergeTarget | null;

/**
 * Labels that merge fields of an object type may use: its fields, `[Record ID]`, and `[Contact ID]` for contacts.
 * A field with one of those two labels wins over the built-in meaning.
 *
 * @returns lower-case label to field id
 * @throws never
 */
export function labelsOf(objectType: ObjectType): ReadonlyMap<string, string> {
  const labels = new Map([['record id', RECORD_ID_FIELD]]);
  if (objectType.objectTypeId === CONTACT_TYPE) labels.set('contact id', RECORD_ID_FIELD);
  for (const field of objectType.fields) labels.set(cleanLabel(field.label).toLowerCase(), field.id);
  return labels;
}

/** The relations of an object type by their lower-case labels, which are the first part of `[Company//Name]`. @throws never */
export function relationsOf(objectType: ObjectType): ReadonlyMap<string, Relation> {
  const relations = objectType.fields.filter((field): field is Relation => field.objectTypeId !== undefined);
  return new Map(relations.map((field) => [cleanLabel(field.label).toLowerCase(), field]));
}

/** The parts of a label between `//`, without blanks around them. @throws never */
export const partsOf = (label: string): string[] => label.split('//').map((part) => part.trim());

/** Whether a label of several parts names a variable of the entry, well or badly written. @throws never */
export const isVariable = (parts: readonly string[]): boolean =>
  parts.length > 1 && parts[0]?.toLowerCase() === 'entry';

/** Names under which the SMS that a webhook hands on is known; no variable of an entry can have them. */
export const MESSAGE_VARIABLES = { to: 'message//to', body: 'message//body' } as const;

/** The variable that `[Message//To]` or `[Message//Body]` names; null for other labels. @throws never */
const messageVariableOf = (parts: readonly string[]): string | null =>
  Object.values(MESSAGE_VARIABLES).find((name) => name === parts.join('//').toLowerCase()) ?? null;

/** The name of the variable that the parts after `Entry//` say; null when it cannot be one. @throws never */
export function variableNameOf(parts: readonly string[]): string | null {
  const name = parts.slice(1).join('//').toLowerCase();
  return VARIABLE_NAME.test(name) ? name : null;
}

/**
 * Makes the look-up of labels. Each object type is read once, so that many labels take no long time.
 *
 * @param types by number: those that relations lead to. A relation to one that is missing leads nowhere
 * @returns for `[First Name]` a field of `objectType`; for `[Company//Name]` one over relations, 3 at the most; for
 *          `[Entry//order_id]` a variable, whether or not there will be one. Upper and lower case do not matter
 * @throws never
 * @source docs/merge-fields.md
 */
export function makeFindTarget(objectType: ObjectType, types: ReadonlyMap<number, ObjectType> = new Map()): FindTarget {
  const read = new Map<
    ObjectType,
    { labels: ReturnType<typeof labelsOf>; relations: ReturnType<typeof relationsOf> }
  >();
  const namesIn = (type: ObjectType) => {
    const names = read.get(type) ?? { labels: labelsOf(type), relations: relationsOf(type) };
    read.set(type, names);
    return names;
  };
  return (label) => {
    const parts = partsOf(label);
    if (isVariable(parts)) {
      const name = variableNameOf(parts);
      return name === null ? null : { kind: 'variable', name };
    }
    if (parts.length > RELATIONS_MAX + 1) return null;
    const message = messageVariableOf(parts);
    if (message !== null && !namesIn(objectType).relations.has('message')) return { kind: 'variable', name: message };
    const relations: Relation[] = [];
    let type: ObjectType | undefined = objectType;
    for (const part of parts.slice(0, -1)) {
      const relation: Relation | undefined = type && namesIn(type).relations.get(part.toLowerCase());
      if (!relation) return null;
      relations.push(relation);
      type = types.get(relation.objectTypeId);
    }
    const fieldId = type && namesIn(type).labels.get((parts.at(-1) ?? '').toLowerCase());
    return fieldId === undefined ? null : { kind: 'field', relations, fieldId };
  };
}
