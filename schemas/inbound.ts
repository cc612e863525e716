import { z } from 'zod';
import { fieldId } from './field';
import { type AccountId, type InboundId, idSchema, numberSchema, type RecordId } from './ids';
import { objectTypeId } from './object-type';
import { problemSchema } from './problem';

const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, 'must be a header name, such as X-Signature');
/** A JSON path such as `$.customer.email`, or the name of a form field. */
const path = z
  .string()
  .min(1)
  .max(500)
  .meta({ description: 'Where the value stands: $.customer.email in JSON, or the name of a form field' });

/** A secret that is shared with the sender; of standard-webhooks it may be one that the sender made. */
const secret = z
  .string()
  .min(8)
  .max(500)
  .regex(/^[\x21-\x7e]+$/, 'must be printable characters without blanks')
  .optional()
  .meta({ description: 'Left out: a new one is made for a new source, and the stored one stays' });

/** How a source proves who it is. Source: docs/inbound.md#signatures */
export const inboundSignature = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('standard-webhooks'), secret }),
  z.object({
    kind: z.literal('hmac-sha256'),
    header: headerName.meta({ description: 'Holds the HMAC of the body, as hex or base64, with or without "sha256="' }),
    secret,
  }),
]);

/** What tells two messages apart: a header, or a value in the body. */
export const dedupeBy = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('header'), name: headerName }),
  z.object({ kind: z.literal('path'), path }),
]);

export const inboundSettings = z.object({
  name: z.string().trim().min(1).max(100),
  objectTypeId: objectTypeId.default(0).meta({ description: 'What kind of record a message is about' }),
  matchBy: fieldId
    .default('email')
    .meta({ description: 'Field that finds the record; without a match one is created' }),
  mapping: z
    .array(z.object({ path, fieldId }))
    .min(1)
    .max(100)
    .meta({ description: 'Which values go into which fields; one of them must fill the field of "matchBy"' }),
  addTagIds: z.array(idSchema('tag')).max(50).default([]).meta({ description: 'Tags that the record gets' }),
  signature: inboundSignature.default({ kind: 'none' }),
  dedupeBy: dedupeBy.optional().meta({
    description: 'What names a message; unless said the header webhook-id, else idempotency-key',
  }),
});
export type InboundSettings = z.output<typeof inboundSettings>;

/** A stored source; its secret stands sealed beside the settings, never in them. */
export interface StoredInbound {
  _id: InboundId;
  accountId: AccountId;
  /** Its decimal id in the API under /1 */
  number: number;
  /** It takes messages at /inbound/{token} */
  token: string;
  settings: InboundSettings;
  sealedSecret: string | null;
  createdAt: Date;
  updatedAt: Date;
}

/** That a message was taken, kept for 30 days so that a repeat changes nothing. */
export interface StoredReceipt {
  /** From source and key */
  _id: string;
  accountId: AccountId;
  inboundId: InboundId;
  key: string;
  recordId: RecordId;
  expireAt: Date;
}

export const inboundSchema = z
  .object({
    id: idSchema('inbound'),
    number: numberSchema,
    url: z.string().meta({ description: 'Where the sender posts to; who knows it may post, so keep it secret' }),
    settings: inboundSettings.meta({ id: 'InboundSettings' }),
    hasSecret: z.boolean(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Inbound' });

export const savedInboundSchema = inboundSchema
  .extend({
    secret: z.string().nullable().meta({ description: 'The new secret, shown this once; null when it stayed' }),
  })
  .meta({ id: 'SavedInbound' });

/** The answer to a message. */
export const receivedSchema = z
  .object({
    recordId: idSchema('record'),
    isDuplicate: z.boolean().meta({ description: 'It was taken before, and changed nothing this time' }),
    leftOut: z.array(problemSchema).meta({ description: 'Values that do not fit their field and were left out' }),
  })
  .meta({ id: 'Received' });
export type Received = z.output<typeof receivedSchema>;
