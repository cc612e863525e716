import type { FieldValues } from '../schemas/field';
import type { ObjectType } from '../schemas/object-type';
import { isVariable, partsOf, RELATIONS_MAX, relationsOf } from './merge-labels';
import { parseTemplate } from './parse-template';

/** For each merge field over relations, the labels of those relations: `[Company//Owner//Name]` is Company, Owner. */
export type RelationPaths = readonly (readonly string[])[];

/**
 * What templates name besides the record's own fields. Whether the labels exist is not known here: brackets that only
 * look like a merge field are listed too, and lead nowhere later.
 *
 * @returns 1 to 3 labels for each path, each path once
 * @throws never
 */
export function relationPathsIn(templates: readonly string[]): { relations: RelationPaths; hasVariables: boolean } {
  const paths = new Map<string, readonly string[]>();
  let hasVariables = false;
  for (const template of templates) {
    if (!template.includes('[')) continue; // an editor may have put something invisible between the slashes
    for (const part of parseTemplate(template, (label) => label.includes('//'))) {
      if (part.kind === 'text') continue;
      const parts = partsOf(part.label);
      if (isVariable(parts)) hasVariables = true;
      else if (parts.length <= RELATIONS_MAX + 1) {
        const blocks = parts.slice(0, -1);
        paths.set(blocks.join('//').toLowerCase(), blocks);
      }
    }
  }
  return { relations: [...paths.values()], hasVariables };
}

/**
 * Where the first relation of each path leads.
 *
 * @param standing records on the way, with the relations that are left to go over
 * @returns for each whose relation exists: the object type it leads to, the id it holds or null, and the labels after it
 * @throws never
 */
export const findRelations = (
  standing: readonly { blocks: readonly string[]; type: ObjectType; fields: FieldValues }[],
): { blocks: readonly string[]; objectTypeId: number; recordId: string | null }[] =>
  standing.flatMap(({ blocks, type, fields }) => {
    const relation = relationsOf(type).get((blocks[0] ?? '').toLowerCase());
    if (!relation) return [];
    const id = Object.hasOwn(fields, relation.id) ? fields[relation.id] : null;
    const recordId = typeof id === 'string' && id !== '' ? id : null;
    return [{ blocks: blocks.slice(1), objectTypeId: relation.objectTypeId, recordId }];
  });
