import { escapePattern } from '../../domain/like-pattern';
import { type Column, type Filter, parseCondition } from '../../domain/ontraport-condition';
import type { Collection } from '../../store/database';
import { countRows, findRows } from '../../store/find-rows';
import { numberIs } from '../../store/numbers';
import type { Api } from '../parts';
import { invalid, refuse } from '../problem';
import type { CollectionParameters } from './parameters';
import type { OntraportAnswer } from './route';

/** A field of a kind of thing, as the meta endpoints tell it. */
export interface Described {
  name: string;
  alias: string;
  /** Ontraport's type of field */
  type: string;
  options?: Record<string, string>;
  isEditable?: boolean;
}

/** One row of an answer. */
export type Shown = Record<string, unknown>;

/** A kind of thing that can be listed: where it is stored, by what it is found, and how it is shown. */
export interface Resource<T = never> {
  objectId: number;
  name: string;
  from: Collection<T>;
  /** Finds what belongs here; always with the account's id */
  where: Filter;
  /** Where `ids` stand, when they are no decimal numbers */
  idPath?: string;
  /** What conditions, searches and sort orders may name */
  columns: readonly Column[];
  fields: readonly Described[];
  /** Paths to sort by, where another one than the column's is in the same order and has an index */
  sortPaths?: Readonly<Record<string, string>>;
  /** Fields that a list shows first, for getInfo */
  listFields: readonly string[];
  show(documents: T[]): Promise<Shown[]>;
}

/** What says which rows are meant. */
interface Choice {
  ids?: readonly (number | string)[] | undefined;
  condition?: string | undefined;
  search?: string | undefined;
}

type ListParameters = Choice &
  Pick<CollectionParameters, 'start' | 'range' | 'sort' | 'sortDir' | 'listFields' | 'count'>;

/**
 * The filter of collection parameters.
 *
 * @throws AppError `request.invalid` for a condition or a field that is none
 */
export function filterOf<T>(resource: Resource<T>, given: Choice): Filter {
  const all: Filter[] = [resource.where];
  if (given.ids && resource.idPath) all.push({ [resource.idPath]: { $in: given.ids } });
  else if (given.ids) all.push({ number: numberIs({ $in: given.ids.map(Number) }) });
  if (given.condition !== undefined) {
    const { filter, problems } = parseCondition(given.condition, resource.columns);
    refuse(problems);
    if (filter) all.push(filter);
    if (JSON.stringify(filter).includes('"number"')) all.push({ number: { $type: 'number' } });
  }
  if (given.search !== undefined) {
    const holds = { $regex: escapePattern(given.search), $options: 'i' };
    const texts = resource.columns.filter(({ kind }) => kind === 'text');
    all.push({ $or: texts.map(({ path }) => ({ [path]: holds })) });
  }
  return all.length === 1 ? resource.where : { $and: all };
}

/** The order that the parameters ask for, in which no two rows are equal. @throws AppError `request.invalid` */
export function sortOf<T>(
  resource: Resource<T>,
  given: Pick<CollectionParameters, 'sort' | 'sortDir'>,
): Record<string, 1 | -1> {
  const direction = given.sortDir === 'desc' ? -1 : 1;
  const path = sortPathOf(resource, given.sort);
  return path === '_id' ? { _id: direction } : { [path]: direction, _id: direction };
}

/**
 * The rows that the parameters choose, with the total where it is asked for.
 *
 * @returns also where the next rows begin, as long as there are more than "range"
 * @throws AppError `request.invalid`
 */
export async function listRows<T>(
  { db }: Pick<Api, 'db'>,
  resource: Resource<T>,
  given: ListParameters,
): Promise<OntraportAnswer> {
  const { start, range } = given;
  const filter = filterOf(resource, given);
  const sort = sortOf(resource, given);
  const found = await findRows(db, resource.from, { filter, sort, skip: start, limit: range + 1 });
  return {
    data: pickFields(await resource.show(found.slice(0, range)), given.listFields),
    ...(found.length > range ? { nextStart: start + range } : {}),
    ...(given.count ? { count: await countRows(db, resource.from, filter) } : {}),
  };
}

/** Rows with the fields that "listFields" names, or with all of them. @throws never */
export const pickFields = (rows: Shown[], names: readonly string[] | undefined): Shown[] =>
  names ? rows.map((row) => pick(row, names)) : rows;

function sortPathOf<T>({ columns, sortPaths }: Resource<T>, name: string | undefined): string {
  if (name === undefined || name === 'id') return '_id';
  const known = sortPaths && Object.hasOwn(sortPaths, name) ? sortPaths[name] : undefined;
  if (known) return known;
  const column = columns.find((one) => one.name === name);
  if (!column) throw invalid({ path: 'sort', message: `"${name.slice(0, 60)}" is no field that can be sorted by` });
  return column.path;
}

const pick = (row: Shown, names: readonly string[]): Shown =>
  Object.fromEntries(names.filter((name) => Object.hasOwn(row, name)).map((name) => [name, row[name]]));

/** How many rows the parameters choose, and what a list shows first. @throws AppError `request.invalid` */
export async function countOf<T>(
  { db }: Pick<Api, 'db'>,
  resource: Resource<T>,
  given: Choice,
): Promise<OntraportAnswer> {
  const count = await countRows(db, resource.from, filterOf(resource, given));
  return { data: { listFields: resource.listFields, listFieldSettings: [], count: String(count) } };
}

/** What there is to know of the fields, by object id or by name. @throws never */
export const metaOf = (
  resources: readonly Pick<Resource, 'objectId' | 'name' | 'fields'>[],
  format: 'byId' | 'byName',
): OntraportAnswer => ({
  data: Object.fromEntries(
    resources.map(({ objectId, name, fields }) => [
      format === 'byId' ? String(objectId) : name,
      {
        name,
        ...(format === 'byName' ? { object_type_id: String(objectId) } : {}),
        fields: Object.fromEntries(
          fields.map(({ name: field, alias, type, options, isEditable = false }) => [
            field,
            {
              alias,
              type,
              required: '0',
              unique: '0',
              editable: isEditable ? '1' : '0',
              deletable: '0',
              ...(options ? { options } : {}),
            },
          ]),
        ),
      },
    ]),
  ),
});
