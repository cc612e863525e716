import type { z } from 'zod';
import { pageOf, pageQuery } from '../../schemas/page';
import { newTag, tagSchema } from '../../schemas/record';
import { listTags, type StoredTag, saveTag } from '../../store/tags';
import { readRoute, writeRoute } from '../route';

const common = { scope: 'key', tag: 'Tags', path: '/v1/tags' } as const;

const showTag = (tag: StoredTag): z.input<typeof tagSchema> => ({
  id: tag._id,
  number: tag.number,
  name: tag.name,
  createdAt: tag.createdAt.toISOString(),
});

/** Names that records carry. */
export const tagRoutes = [
  readRoute({
    ...common,
    method: 'get',
    summary: 'List tags',
    query: pageQuery,
    response: pageOf(tagSchema),
    handler: async ({ db }, { account, query }) => {
      const { items, nextCursor } = await listTags(db, account._id, query);
      return { items: items.map(showTag), nextCursor };
    },
  }),
  writeRoute({
    ...common,
    method: 'post',
    summary: 'Create a tag',
    body: newTag,
    example: { name: 'Newsletter' },
    status: 201,
    response: tagSchema,
    handler: async ({ db }, { account, body }, session) =>
      showTag(await saveTag(db, session, { accountId: account._id, name: body.name })),
  }),
];
