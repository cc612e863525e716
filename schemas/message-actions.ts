import { z } from 'zod';
import { idSchema } from './ids';
import { mailAddress } from './message';

const messageId = idSchema('message');

/** Actions that send a message. Source: docs/messages.md. */
export const messageActions = [
  z.object({
    kind: z.literal('send-email'),
    messageId,
    to: z.string().trim().min(1).max(500).optional().meta({
      description: 'An address, or merge fields that make one: [Work Email]; the e-mail of the record unless given',
    }),
  }),
  z.object({ kind: z.literal('send-sms'), messageId }),
  z.object({ kind: z.literal('notify'), messageId, to: mailAddress }),
] as const;
