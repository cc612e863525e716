import { z } from 'zod';
import { AppError } from '../../lib/errors';
import { idSchema } from '../../schemas/ids';
import { messageSchema, messageSettings, type StoredMessage } from '../../schemas/message';
import { pageOf, pageQuery } from '../../schemas/page';
import { lockWebhookUse } from '../../store/locks';
import { deleteMessage, getMessage, listMessages } from '../../store/messages';
import { isMessageOnRule } from '../../store/rules';
import { deletedSchema } from '../deleted';
import { readRoute, writeRoute } from '../route';
import { changeMessage, createMessage } from './save-message';

const common = { scope: 'key', tag: 'Messages' } as const;
const one = '/v1/messages/:messageId';
const params = z.object({ messageId: idSchema('message') });
const body = z.object({ settings: messageSettings });
const example = {
  settings: {
    kind: 'email' as const,
    name: 'Welcome',
    subject: 'Welcome, [First Name|friend]',
    body: 'Dear [First Name|friend],\n\nthank you for joining us.',
  },
};

const showMessage = ({ _id: id, number, settings, ...at }: StoredMessage): z.input<typeof messageSchema> => ({
  id,
  number,
  settings,
  createdAt: at.createdAt.toISOString(),
  updatedAt: at.updatedAt.toISOString(),
});

/** Texts that rules send by e-mail or SMS. */
export const messageRoutes = [
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/messages',
    summary: 'List messages',
    query: pageQuery,
    response: pageOf(messageSchema),
    handler: async ({ db }, { account, query }) => {
      const { items, nextCursor } = await listMessages(db, account._id, query);
      return { items: items.map(showMessage), nextCursor };
    },
  }),
  writeRoute({
    ...common,
    method: 'post',
    path: '/v1/messages',
    summary: 'Create a message',
    description:
      'An e-mail or an SMS that rules send. Its merge fields are checked now, and filled in when it is sent.',
    body,
    example,
    status: 201,
    response: messageSchema,
    handler: async ({ db }, { account, body: { settings } }, session) =>
      showMessage(await createMessage(db, session, { accountId: account._id, settings })),
  }),
  readRoute({
    ...common,
    method: 'get',
    path: one,
    summary: 'Get a message',
    params,
    response: messageSchema,
    handler: async ({ db }, { account, params }) =>
      showMessage(await getMessage(db, { accountId: account._id, ...params })),
  }),
  writeRoute({
    ...common,
    method: 'put',
    path: one,
    summary: 'Replace the settings of a message',
    description:
      'What was tried once is sent as it was then. The kind and the object type stay as long as a rule sends the message.',
    params,
    body,
    example,
    response: messageSchema,
    handler: async ({ db }, { account, params, body: { settings } }, session) =>
      showMessage(await changeMessage(db, session, { accountId: account._id, ...params, settings })),
  }),
  writeRoute({
    ...common,
    method: 'delete',
    path: one,
    summary: 'Delete a message that no rule sends',
    params,
    response: deletedSchema,
    handler: async ({ db }, { account, params: { messageId } }, session) => {
      const of = { accountId: account._id, messageId };
      await lockWebhookUse(db, session, of.accountId);
      if (await isMessageOnRule(db, session, of)) throw new AppError('message.in-use');
      await deleteMessage(db, session, of);
      return { id: messageId, isDeleted: true as const };
    },
  }),
];
