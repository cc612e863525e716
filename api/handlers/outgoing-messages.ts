import { z } from 'zod';
import { AppError } from '../../lib/errors';
import { messageWorkflowIdOf } from '../../lib/ids';
import { idSchema } from '../../schemas/ids';
import { outgoingListQuery, outgoingMessageSchema, type StoredOutgoingMessage } from '../../schemas/outgoing-message';
import { pageOf } from '../../schemas/page';
import { findOutgoing, listOutgoing } from '../../store/outgoing-messages';
import { type Engine, workflowUrl } from '../../workers/temporal-client';
import { readRoute } from '../route';

const common = { scope: 'key', tag: 'Messages' } as const;

const showOutgoing = (engine: Engine, row: StoredOutgoingMessage): z.input<typeof outgoingMessageSchema> => ({
  id: row._id,
  messageId: row.messageId,
  kind: row.kind,
  recordId: row.recordId,
  ruleId: row.source.ruleId,
  eventId: row.source.eventId,
  name: row.source.name,
  status: row.status,
  attempts: row.attempts,
  to: row.written?.to ?? null,
  subject: row.written?.subject ?? null,
  body: row.written?.body ?? null,
  way: row.way,
  deliveryId: row.deliveryId,
  error: row.error,
  createdAt: row.createdAt.toISOString(),
  finishedAt: row.finishedAt?.toISOString() ?? null,
  workflowUrl: workflowUrl(engine, messageWorkflowIdOf(row._id)),
});

/** What rules sent, or are about to send. */
export const outgoingMessageRoutes = [
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/outgoing-messages',
    summary: 'List what rules sent by e-mail and SMS, and what became of it',
    description: 'Kept as long as the bodies of the webhook log, from the end of each.',
    query: outgoingListQuery,
    response: pageOf(outgoingMessageSchema),
    handler: async ({ db, engine }, { account, query }) => {
      const { status, recordId, ...page } = query;
      const { items, nextCursor } = await listOutgoing(db, { accountId: account._id, status, recordId }, page);
      return { items: items.map((row) => showOutgoing(engine, row)), nextCursor };
    },
  }),
  readRoute({
    ...common,
    method: 'get',
    path: '/v1/outgoing-messages/:outgoingMessageId',
    summary: 'Get one of them',
    params: z.object({ outgoingMessageId: idSchema('outgoingMessage') }),
    response: outgoingMessageSchema,
    handler: async ({ db, engine }, { account, params }) => {
      const row = await findOutgoing(db, params.outgoingMessageId);
      if (row?.accountId !== account._id) throw new AppError('outgoing-message.not-found');
      return showOutgoing(engine, row);
    },
  }),
];
