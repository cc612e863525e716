import type { Field } from '../../schemas/field';

/** What Ontraport's rules and maps name by a decimal id. Products are records. */
export type NumberedKind = 'tag' | 'record' | 'form' | 'map' | 'webhook' | 'message';

/** What an account has under its decimal ids, and back; answers undefined where it has nothing. */
export interface AccountNumbers {
  idOf(kind: NumberedKind, number: number): string | undefined;
  numberOf(kind: NumberedKind, id: string): number | undefined;
  /** A field of the object type that a rule or map is for: texts are read by its type */
  fieldOf(fieldId: string): Field | undefined;
}
