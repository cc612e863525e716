import { z } from 'zod';
import { type Column, parseCondition } from '../../domain/ontraport-condition';
import { countTagSubscribers, listTagSubscribers, type TagSubscriber } from '../../store/tag-subscribers';
import { refuse } from '../problem';
import { collectionShape, objectID } from './parameters';
import { metaOf, type Shown } from './resource';
import { readCall } from './route';

const tag = 'Tags';
const SHOWN = { id: '8-4', object_id: '8', object_type_id: '0', tag_id: '4' };
const COLUMNS: readonly Column[] = [
  { name: 'object_id', path: 'objectId', kind: 'number' },
  { name: 'tag_id', path: 'tagNumber', kind: 'number' },
];
const { start, range, sortDir, condition, count } = collectionShape;
const parameters = z.object({ object_type_id: objectID.default(0), condition });

/** Which record has which tag: a row for each. They have no numbers of their own; an id is made of those of both. */
export const tagSubscriberRoutes = [
  readCall({
    method: 'get',
    path: '/TagSubscribers',
    tag,
    summary: 'List which records have which tags',
    description:
      'Records of one object type, in the order in which they were created. Conditions are over "tag_id" and "object_id".',
    parameters: parameters.extend({ start, range, sortDir, count }),
    example: { object_type_id: 0 },
    answer: [SHOWN],
    handler: async ({ db }, { account, given }) => {
      const of = { accountId: account._id, objectTypeId: given.object_type_id, filter: filterOf(given.condition) };
      const direction = given.sortDir === 'desc' ? -1 : 1;
      const found = await listTagSubscribers(db, { ...of, direction, skip: given.start, limit: given.range });
      const data = found.map(show);
      return given.count ? { data, count: await countTagSubscribers(db, of) } : { data };
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
      const of = { accountId: account._id, objectTypeId: given.object_type_id, filter: filterOf(given.condition) };
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
function filterOf(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  const { filter, problems } = parseCondition(text, COLUMNS);
  refuse(problems);
  return filter ?? {};
}

const show = ({ objectId, objectTypeId, tagNumber }: TagSubscriber): Shown => ({
  id: `${objectId}-${tagNumber}`,
  object_id: String(objectId),
  object_type_id: String(objectTypeId),
  tag_id: String(tagNumber),
});
