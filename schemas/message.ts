import { z } from 'zod';
import { type AccountId, idSchema, type MessageId } from './ids';
import { objectTypeId } from './object-type';

export const MESSAGE_KINDS = ['email', 'sms'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** One address and nothing around it, so that a value can name no second recipient. */
export const MAIL_ADDRESS = /^[^\s@,;:<>()[\]"\\]{1,64}@[^\s@,;:<>()[\]"\\]{1,189}$/;
export const mailAddress = z.string().trim().regex(MAIL_ADDRESS, 'must be an e-mail address such as ada@example.com');

export const SMS_CHARS_MAX = 1600;

const named = {
  name: z.string().trim().min(1).max(100),
  objectTypeId: objectTypeId.default(0).meta({ description: 'Object type whose fields the merge fields name' }),
};

/** A text that rules send. Source: docs/messages.md. */
export const messageSettings = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('email'),
      ...named,
      subject: z
        .string()
        .trim()
        .min(1)
        .max(500)
        .meta({ description: 'With merge fields: Welcome, [First Name|friend]' }),
      format: z.enum(['plain', 'html']).default('plain').meta({ description: 'What the body is written in' }),
      body: z.string().min(1).max(262_144).meta({ description: 'With merge fields; in HTML their values are escaped' }),
    }),
    z.strictObject({
      kind: z.literal('sms'),
      ...named,
      body: z
        .string()
        .min(1)
        .max(SMS_CHARS_MAX)
        .meta({ description: `With merge fields; at most ${SMS_CHARS_MAX} characters` }),
    }),
  ])
  .meta({ id: 'MessageSettings' });
export type MessageSettings = z.output<typeof messageSettings>;

/** A stored message. */
export interface StoredMessage {
  _id: MessageId;
  accountId: AccountId;
  /** Its decimal id in the API under /1, in Ontraport's codes, and in the events email.opened and email.clicked */
  number: number;
  settings: MessageSettings;
  createdAt: Date;
  updatedAt: Date;
}

export const messageSchema = z
  .object({
    id: idSchema('message'),
    number: z.number().int().meta({ description: 'What email.opened and email.clicked name it by' }),
    settings: messageSettings,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Message' });
