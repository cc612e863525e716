import { z } from 'zod';

/** Kinds of stored things and the prefix their ids carry, so that an id says what it names. */
export const ID_PREFIXES = {
  account: 'acc',
  key: 'key',
  record: 'rec',
  tag: 'tag',
  event: 'evt',
  map: 'map',
  version: 'ver',
  entry: 'ent',
  position: 'pos',
  step: 'stp',
  webhook: 'whk',
  delivery: 'dlv',
  rule: 'rul',
  evaluation: 'evl',
  subscription: 'sub',
  form: 'frm',
  inbound: 'inb',
  job: 'job',
  message: 'mes',
  outgoingMessage: 'out',
  notice: 'ntc',
  inboxMessage: 'msg',
  request: 'req',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;
export type Id<K extends IdKind> = `${(typeof ID_PREFIXES)[K]}_${string}`;

export type AccountId = Id<'account'>;
export type KeyId = Id<'key'>;
export type RecordId = Id<'record'>;
export type TagId = Id<'tag'>;
export type EventId = Id<'event'>;
export type MapId = Id<'map'>;
export type VersionId = Id<'version'>;
export type EntryId = Id<'entry'>;
export type PositionId = Id<'position'>;
export type StepId = Id<'step'>;
export type WebhookId = Id<'webhook'>;
export type DeliveryId = Id<'delivery'>;
export type RuleId = Id<'rule'>;
export type EvaluationId = Id<'evaluation'>;
export type SubscriptionId = Id<'subscription'>;
export type FormId = Id<'form'>;
export type InboundId = Id<'inbound'>;
export type JobId = Id<'job'>;
export type MessageId = Id<'message'>;
export type OutgoingMessageId = Id<'outgoingMessage'>;
export type NoticeId = Id<'notice'>;
export type InboxMessageId = Id<'inboxMessage'>;

/** Shape of the decimal id that things have beside their own. */
export const numberSchema = z
  .number()
  .int()
  .meta({ description: "Its decimal id: what names it under /1 and in Ontraport's strings, such as Ping_APIURL(31)" });

/** Shape of one kind of id: its prefix, `_`, and 26 lower-case letters and digits. */
export const idSchema = <K extends IdKind>(kind: K): z.ZodType<Id<K>, string> =>
  z
    .string()
    .regex(new RegExp(`^${ID_PREFIXES[kind]}_[0-9a-z]{26}$`), `must be ${ID_PREFIXES[kind]}_ and 26 letters or digits`)
    .meta({ description: `Id of a ${kind}` }) as unknown as z.ZodType<Id<K>, string>;
