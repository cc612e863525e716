import type { ObjectType } from '../schemas/object-type';
import { makeFindTarget } from './merge-labels';
import { findMergeFields } from './render-template';
import { describeUnknownLabel } from './unknown-label';

const UNKNOWN_FIELDS_MAX = 20;

/**
 * What is wrong with the merge fields of a text that a rule fills in: each must name a field. Variables are those of an
 * entry, and a rule has none.
 *
 * @param of.objectTypes by number: those that relations lead to
 * @returns a sentence for each label that names nothing, 20 at the most
 * @throws never
 * @source docs/merge-fields.md
 */
export function checkTemplate(
  template: string,
  of: { objectType: ObjectType; objectTypes?: ReadonlyMap<number, ObjectType> },
): string[] {
  const { known, unknown } = findMergeFields(template, makeFindTarget(of.objectType, of.objectTypes));
  const variables = known.filter(({ target }) => target.kind === 'variable').map(({ label }) => label);
  return [
    ...[...new Set(unknown)].map((label) => describeUnknownLabel(label, of.objectType, of.objectTypes)),
    ...[...new Set(variables)].map((label) => `[${label}] has no value here; name a field of the record`),
  ].slice(0, UNKNOWN_FIELDS_MAX);
}
