import type { Field } from '../schemas/field';
import type { InboundSettings } from '../schemas/inbound';
import type { Problem } from '../schemas/problem';
import { parseJsonPath } from './json-path';

/**
 * What is wrong with the settings of a source that its shape does not say.
 *
 * @param fields of the object type
 * @returns problems with paths as in the settings
 * @throws never
 */
export function checkInbound(settings: InboundSettings, fields: readonly Field[]): Problem[] {
  const problems: Problem[] = [];
  const isKnown = (fieldId: string): boolean => fields.some(({ id }) => id === fieldId);
  const checkPath = (path: string, at: string): void => {
    const problem = path.trim().startsWith('$') ? parseJsonPath(path).problem : null;
    if (problem) problems.push({ path: at, message: problem });
  };
  const seen = new Set<string>();
  for (const [index, { path, fieldId }] of settings.mapping.entries()) {
    checkPath(path, `mapping.${index}.path`);
    if (!isKnown(fieldId))
      problems.push({
        path: `mapping.${index}.fieldId`,
        message: `is no field of this object type; it has ${fields.map(({ id }) => id).join(', ')}`,
      });
    else if (seen.has(fieldId)) problems.push({ path: `mapping.${index}.fieldId`, message: 'is there twice' });
    seen.add(fieldId);
  }
  if (!seen.has(settings.matchBy))
    problems.push({
      path: 'matchBy',
      message: `names "${settings.matchBy}", which no row of "mapping" fills; add a row for it`,
    });
  if (settings.dedupeBy?.kind === 'path') checkPath(settings.dedupeBy.path, 'dedupeBy.path');
  return problems;
}
