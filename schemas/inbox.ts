import { z } from 'zod';
import { type AccountId, type InboxMessageId, idSchema } from './ids';

/** What arrived at the built-in inbox; kept for 7 days. */
export interface StoredInboxMessage {
  _id: InboxMessageId;
  accountId: AccountId;
  token: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  at: Date;
  expireAt: Date;
}

export const inboxMessageSchema = z
  .object({
    id: idSchema('inboxMessage'),
    method: z.string(),
    path: z.string().meta({ description: 'What follows the token, with the query' }),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
    at: z.iso.datetime(),
  })
  .meta({ id: 'InboxMessage' });
