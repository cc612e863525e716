import { z } from 'zod';
import {
  type AccountId,
  type DeliveryId,
  type EventId,
  idSchema,
  type MessageId,
  type OutgoingMessageId,
  type RecordId,
  type RuleId,
} from './ids';
import { MESSAGE_KINDS, type MessageKind } from './message';
import { pageQuery } from './page';

export const OUTGOING_STATUSES = ['queued', 'sent', 'failed'] as const;
export type OutgoingStatus = (typeof OUTGOING_STATUSES)[number];

/** How a message left: by e-mail, into the account's inbox, or to the webhook that is its SMS gateway. */
export const OUTGOING_WAYS = ['smtp', 'inbox', 'webhook'] as const;
export type OutgoingWay = (typeof OUTGOING_WAYS)[number];

/** A message on its way to one recipient. */
export interface StoredOutgoingMessage {
  _id: OutgoingMessageId;
  accountId: AccountId;
  messageId: MessageId;
  kind: MessageKind;
  recordId: RecordId;
  objectTypeId: number;
  /** The action of a rule that sends it; `name` is the rule's */
  source: { type: 'rule' | 'form'; ruleId: RuleId; name: string; eventId: EventId; action: number };
  /** Template of the address; null sends to the record itself */
  recipient: string | null;
  status: OutgoingStatus;
  /** Attempts that began, 0 to 10 */
  attempts: number;
  /** As it was written for its first attempt; every later one sends the same */
  written: { to: string; subject: string; format: 'plain' | 'html'; body: string } | null;
  way: OutgoingWay | null;
  deliveryId: DeliveryId | null;
  /** Why the latest attempt failed, as a sentence */
  error: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  /** Set once it is over, by the account's retention of bodies */
  expireAt?: Date;
}

export const outgoingMessageSchema = z
  .object({
    id: idSchema('outgoingMessage'),
    messageId: idSchema('message'),
    kind: z.enum(MESSAGE_KINDS),
    recordId: idSchema('record'),
    ruleId: idSchema('rule'),
    eventId: idSchema('event'),
    name: z.string().meta({ description: 'Name of the rule that sends it' }),
    status: z.enum(OUTGOING_STATUSES),
    attempts: z.number().int().meta({ description: 'Attempts that began, at most 10' }),
    to: z.string().nullable().meta({ description: 'Null until it is written, for its first attempt' }),
    subject: z.string().nullable(),
    body: z.string().nullable(),
    way: z.enum(OUTGOING_WAYS).nullable().meta({ description: 'How it leaves, or left' }),
    deliveryId: idSchema('delivery').nullable().meta({ description: 'Of an SMS: its row in the webhook log' }),
    error: z.string().nullable().meta({ description: 'Why the latest attempt failed' }),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    workflowUrl: z.string().nullable(),
  })
  .meta({ id: 'OutgoingMessage' });

export const outgoingListQuery = pageQuery.extend({
  status: z.enum(OUTGOING_STATUSES).optional(),
  recordId: idSchema('record').optional(),
});
