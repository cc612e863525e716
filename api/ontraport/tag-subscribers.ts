import { z } from 'zod';
import { type Column, parseCondition } from '../../domain/ontraport-condition';
import { countTagSubscribers, listTagSubscribers, type TagSubscriber } from '../../store/tag-subscribers';
import { refuse } from '../problem';
import { collectionShape, listOf, objectID, optional } from './parameters';
import { metaOf, pickFields, type Shown } from './resource';
import { readCall } from './route';

const tag = 'Tags';
const SHOWN = { id: '8-4', object_id: '8', object_type_id: '0', tag_id: '4' };
const COLUMNS: readonly Column[] = [
  { name: 'object_id', path: 'objectId', kind: 'number' },
  { name: 'tag_id', path: 'tagNumber', kind: 'number' },
];
const { start, range, sortDir, condition, count, listFields, group_id, group_ids } = collectionShape;
const pair = z.string().regex(/^\d{1,15}-\d{1,15}$/, 'must be the ids of a record and a tag, such as 8-4');
const search = optional(
  z.unknown().refine(() => false, 'there is no text to search in; choose rows by "ids" or "condition"'),
).meta({ description: 'Not taken: the rows hold no text' });
const parameters = z.object({
  object_type_id: objectID.default(0),
  ids: optional(listOf(pair, 'Ids such as 8-4')),
  condition,
  search,
  group_id,
  group_ids,
});
const sort = optional(z.enum(['id', 'object_id', 'tag_id'])).meta({ description: 'By records unless given' });

/** Which record has which tag: a row for each. They have no numbers of their own; an id is made of those of both. */
export const tagSubscriberRoutes = [
  readCall({
    method: 'get',
    path: '/TagSubscribers',
    tag,
    summary: 'List which records have which tags',
    description:
      'Records of one object type, in the order in which they were created. Conditions are over "tag_id" and "object_id"; there is no text to search in.',
    parameters: parameters.extend({ start, range, sort, sortDir, listFields, count }),
    example: { object_type_id: 0 },
    answer: [SHOWN],
    handler: async ({ db }, { account, given }) => {
      const { start: skip, range: limit } = given;
      const of = { accountId: account._id, objectTypeId: given.object_type_id, filter: filterOf(given) };
      const by = given.sort === 'tag_id' ? 'tagNumber' : 'objectId';
      const direction = given.sortDir === 'desc' ? -1 : 1;
      const found = await listTagSubscribers(db, { ...of, sort: by, direction, skip, limit: limit + 1 });
      return {
        data: pickFields(found.slice(0, limit).map(show), given.listFields),
        ...(found.length > limit ? { nextStart: skip + limit } : {}),
        ...(given.count ? { count: await countTagSubscribers(db, of) } : {}),
      };
    },
  }),
  readCall({
    method: 'get',
    path: '/TagSubscribers/getInfo',
    tag,
    summary: 'Count which records have which tags',
    parameters,
    example: {},
    answer: { listFields: [], count: '2' },
    handler: async ({ db }, { account, given }) => {
      const of = { accountId: account._id, objectTypeId: given.object_type_id, filter: filterOf(given) };
      const number = await countTagSubscribers(db, of);
      return { data: { listFields: Object.keys(SHOWN), listFieldSettings: [], count: String(number) } };
    },
  }),
  readCall({
    method: 'get',
    path: '/TagSubscribers/meta',
    tag,
    summary: 'List the fields of tag subscribers',
    parameters: z.object({}),
    example: {},
    answer: {},
    handler: async () => {
      const fields = Object.keys(SHOWN).map((name) => ({ name, alias: name, type: 'numeric' }));
      return metaOf([{ objectId: 138, name: 'TagSubscriber', fields }], 'byId');
    },
  }),
];

/** @throws AppError `request.invalid` */
function filterOf({ ids, condition: text }: z.output<typeof parameters>): Record<string, unknown> {
  const all: Record<string, unknown>[] = [];
  if (ids)
    all.push({
      $or: ids.map((id) => {
        const [objectId, tagNumber] = id.split('-').map(Number);
        return { objectId, tagNumber };
      }),
    });
  if (text !== undefined) {
    const { filter, problems } = parseCondition(text, COLUMNS);
    refuse(problems);
    if (filter) all.push(filter);
  }
  return all.length === 0 ? {} : { $and: all };
}

const show = ({ objectId, objectTypeId, tagNumber }: TagSubscriber): Shown => ({
  id: `${objectId}-${tagNumber}`,
  object_id: String(objectId),
  object_type_id: String(objectTypeId),
  tag_id: String(tagNumber),
});
