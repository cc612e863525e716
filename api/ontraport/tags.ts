import { z } from 'zod';
import { AppError } from '../../lib/errors';
import type { AccountId } from '../../schemas/ids';
import { tagName } from '../../schemas/record';
import type { Database, Session } from '../../store/database';
import { findByNumber } from '../../store/numbers';
import { renameTag, type StoredTag, saveTag, TAGS } from '../../store/tags';
import { collectionRoutes } from './collection-routes';
import { decimalId, objectID } from './parameters';
import type { Resource, Shown } from './resource';
import { writeCall } from './route';

const tag = 'Tags';

const showTag = ({ number, name }: StoredTag): Shown => ({
  id: String(number),
  tag_id: String(number),
  tag_name: name,
  object_type_id: '0',
});

const openTags = async (_db: Database, accountId: AccountId): Promise<Resource<StoredTag>> => ({
  objectId: 14,
  name: 'Tag',
  from: TAGS,
  where: { accountId },
  columns: [
    { name: 'id', path: 'number', kind: 'number' },
    { name: 'tag_id', path: 'number', kind: 'number' },
    { name: 'tag_name', path: 'name', kind: 'text' },
  ],
  fields: [
    { name: 'id', alias: 'ID', type: 'numeric' },
    { name: 'tag_id', alias: 'ID', type: 'numeric' },
    { name: 'tag_name', alias: 'Name', type: 'text', isEditable: true },
    { name: 'object_type_id', alias: 'Object Type', type: 'numeric' },
  ],
  listFields: ['tag_name'],
  show: async (tags) => tags.map(showTag),
});

/** Names that records carry. One tag serves all object types, so it is shown as a tag of contacts. */
export const tagRoutes = [
  ...collectionRoutes({
    tag,
    one: 'Tag',
    several: 'Tags',
    open: openTags,
    notFound: 'tag.not-found',
    answer: { id: '4', tag_id: '4', tag_name: 'Customer', object_type_id: '0' },
  }),
  writeCall({
    method: 'post',
    path: '/Tags',
    tag,
    summary: 'Create a tag',
    parameters: z.object({ tag_name: tagName, object_type_id: objectID.default(0) }),
    answer: { id: '4', tag_id: '4', tag_name: 'Customer', object_type_id: '0' },
    handler: async ({ db }, { account, given }, session) => ({
      data: showTag(await saveTag(db, session, { accountId: account._id, name: given.tag_name })),
    }),
  }),
  writeCall({
    method: 'put',
    path: '/Tags',
    tag,
    summary: 'Give a tag another name',
    parameters: z.object({ id: decimalId, tag_name: tagName }),
    answer: { attrs: { tag_name: 'Client', id: '4' } },
    handler: async ({ db }, { account, given }, session) => {
      const found = await getTag(db, session, { accountId: account._id, number: given.id });
      const { name, number } = await renameTag(db, session, found, given.tag_name);
      return { data: { attrs: { tag_name: name, id: String(number) } } };
    },
  }),
];

async function getTag(
  db: Database,
  session: Session,
  of: { accountId: AccountId; number: number },
): Promise<StoredTag> {
  const found = await findByNumber<StoredTag>(db, TAGS as never, of, session);
  if (!found) throw new AppError('tag.not-found');
  return found;
}
