import { z } from 'zod';
import { now } from '../../lib/clock';
import { AppError } from '../../lib/errors';
import { hashKey, newId, newSecret } from '../../lib/ids';
import { createdKeySchema, keySchema, newKey, type StoredKey } from '../../schemas/account';
import { idSchema } from '../../schemas/ids';
import { pageOf, pageQuery } from '../../schemas/page';
import { deleteKey, listKeys, saveKey } from '../../store/keys';
import { deletedSchema } from '../deleted';
import { readRoute, writeRoute } from '../route';

const common = { scope: 'key', tag: 'API keys' } as const;

const showKey = (key: StoredKey): z.input<typeof keySchema> => ({
  id: key._id,
  name: key.name,
  hint: key.hint,
  createdAt: key.createdAt.toISOString(),
});

/** Keys by which clients call. */
export const keyRoutes = [
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/keys',
    summary: 'List API keys',
    query: pageQuery,
    response: pageOf(keySchema),
    handler: async ({ db }, { account, query }) => {
      const { items, nextCursor } = await listKeys(db, account._id, query);
      return { items: items.map(showKey), nextCursor };
    },
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/keys',
    summary: 'Create an API key',
    description: 'The key is shown in this answer only.',
    body: newKey,
    example: { name: 'Shop' },
    status: 201,
    response: createdKeySchema,
    isSecret: true,
    handler: async ({ db, pepper }, { account, body }, session) => {
      const apiKey = `hk_${newSecret()}`;
      const key: StoredKey = {
        _id: newId('key'),
        accountId: account._id,
        name: body.name,
        hash: hashKey(apiKey, pepper),
        hint: apiKey.slice(-4),
        createdAt: now(),
      };
      await saveKey(db, session, key);
      return { ...showKey(key), apiKey, appId: account.appId };
    },
  }),
  writeRoute({
    ...common,
    method: 'delete',
    path: '/v1/keys/:keyId',
    summary: 'Delete an API key',
    description:
      'Requests with it are refused at once, on other processes within 10 seconds. A key cannot delete itself.',
    params: z.object({ keyId: idSchema('key') }),
    response: deletedSchema,
    afterCommit: ({ authenticator }, { params }) => authenticator.forget(params.keyId),
    handler: async ({ db }, { account, key, params }, session) => {
      if (key._id === params.keyId) throw new AppError('key.in-use');
      await deleteKey(db, session, { accountId: account._id, ...params });
      return { id: params.keyId, isDeleted: true as const };
    },
  }),
];
