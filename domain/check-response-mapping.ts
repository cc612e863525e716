import type { FieldType } from '../schemas/field';
import type { ObjectType } from '../schemas/object-type';
import type { Problem } from '../schemas/problem';
import type { MappedType, ResponseMapping, ResponseMappingRow } from '../schemas/response-mapping';
import { findClosest } from './find-closest';
import { parseJsonPath } from './json-path';
import { fitDefault } from './map-response';

/** Field types that can take every value of a type; `text` also fits where text is read as a date or a choice. */
const FITTING: Record<MappedType, (type: FieldType) => boolean> = {
  text: (type) => !['numeric', 'price', 'check'].includes(type),
  number: (type) => ['numeric', 'price', 'fulldate', 'text', 'longtext', 'drop'].includes(type),
  boolean: (type) => ['check', 'text', 'longtext', 'drop'].includes(type),
  json: (type) => ['text', 'longtext'].includes(type),
};

/**
 * What keeps a response mapping from being saved, all of it at once.
 *
 * @param objectType whose fields the rows may set. A relation is none of them: whether a record exists is not known
 *                   when the answer comes
 * @returns problems with paths as in the settings: `responseMapping.0.path`
 * @throws never
 * @source docs/response-mapping.md
 */
export function checkResponseMapping(rows: ResponseMapping, objectType: ObjectType): Problem[] {
  const taken = new Set<string>();
  return rows.flatMap((row, index) => {
    const target = row.target.kind === 'field' ? `field ${row.target.fieldId}` : `variable ${row.target.name}`;
    const isRepeated = taken.has(target);
    taken.add(target);
    const problems: [path: string, message: string | null][] = [
      ['path', parseJsonPath(row.path).problem],
      ['target', isRepeated ? `is there twice: another row sets the ${target}` : null],
      ['target.fieldId', checkField(row, objectType)],
      ['type', checkType(row, objectType)],
      ['default', checkDefault(row, objectType)],
    ];
    return problems.flatMap(([path, message]) =>
      message === null ? [] : [{ path: `responseMapping.${index}.${path}`, message }],
    );
  });
}

const fieldOf = ({ target }: ResponseMappingRow, { fields }: ObjectType) =>
  target.kind === 'field' ? fields.find(({ id }) => id === target.fieldId) : undefined;

function checkField(row: ResponseMappingRow, objectType: ObjectType): string | null {
  if (row.target.kind !== 'field') return null;
  const field = fieldOf(row, objectType);
  if (field?.type === 'parent') return `is a relation to another record; take the value into a variable instead`;
  if (field) return null;
  const { fieldId } = row.target;
  const closest = findClosest(
    fieldId,
    objectType.fields.map(({ id }) => id),
  );
  return `names no field of ${objectType.plural}; ${closest ? `did you mean "${closest}"?` : 'choose one of its fields'}`;
}

function checkType(row: ResponseMappingRow, objectType: ObjectType): string | null {
  const field = fieldOf(row, objectType);
  if (!field || !row.type || field.type === 'parent' || FITTING[row.type](field.type)) return null;
  const fitting = (Object.keys(FITTING) as MappedType[]).filter((type) => FITTING[type](field.type));
  return `"${row.type}" does not fit ${field.label}, a field of type "${field.type}"; use ${fitting.join(' or ')}, or leave it out`;
}

/** Said only when the rest of the row is right: else the default may fit once that is mended. */
function checkDefault(row: ResponseMappingRow, objectType: ObjectType): string | null {
  if (row.default === undefined || checkField(row, objectType) || checkType(row, objectType)) return null;
  const fitted = fitDefault(row, objectType);
  return 'message' in fitted ? fitted.message : null;
}
