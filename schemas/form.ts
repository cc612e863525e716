import { z } from 'zod';
import { FORM_OUTCOMES } from './event';
import { fieldId, fieldValueSchema } from './field';
import { type AccountId, type FormId, idSchema, numberSchema } from './ids';
import { objectTypeId } from './object-type';
import { recordSchema } from './record';

const formField = z
  .object({
    fieldId,
    label: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .optional()
      .meta({ description: "On the page; the field's own when absent" }),
    isRequired: z.boolean().default(false),
    isHidden: z
      .boolean()
      .default(false)
      .meta({ description: 'Not on the page: the record gets "value", whatever is posted' }),
    value: fieldValueSchema.optional().meta({ description: 'Filled in on the page; of a hidden field what is saved' }),
  })
  .strict()
  .meta({ id: 'FormField' });

const webUrl = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .meta({ description: 'http: or https:' });
const origin = z
  .url({ protocol: /^https?$/ })
  .max(255)
  .refine(
    (text) => URL.canParse(text) && new URL(text).origin === text,
    'must be an origin such as https://example.com, without a path',
  )
  .meta({ description: 'https://example.com' });

const formOrder = z
  .object({
    productId: idSchema('record').meta({ description: 'The product: a record of object type 16' }),
    price: z.number().min(0).max(1e9).optional().meta({ description: 'That of the product when absent' }),
    currency: z.string().trim().min(1).max(10).default('USD').meta({ description: 'Shown behind the price' }),
  })
  .strict()
  .meta({ id: 'FormOrder' });

/** What a form asks for and what becomes of it. Source: docs/forms.md. */
export const formSettings = z
  .object({
    name: z.string().trim().min(1).max(100),
    objectTypeId: objectTypeId.default(0),
    fields: z.array(formField).min(1).max(100),
    matchBy: fieldId.nullable().default('email').meta({
      description: 'The record with the same value here is changed; null always makes a new one',
    }),
    tagIds: z.array(idSchema('tag')).max(50).default([]).meta({ description: 'Tags that the record gets' }),
    redirectUrl: webUrl.optional().meta({ description: 'Where browsers go then; to a page of thanks when absent' }),
    thankYou: z.string().trim().min(1).max(2000).default('Thank you. We got your message.'),
    allowedOrigins: z
      .array(origin)
      .max(50)
      .default([])
      .meta({ description: 'Sites whose scripts may post the form and read the answer' }),
    order: formOrder.optional().meta({ description: 'Makes it an order form' }),
  })
  .meta({ id: 'FormSettings' });
export type FormSettings = z.output<typeof formSettings>;
export type FormField = FormSettings['fields'][number];

/** A stored form; its page stands at /forms/{token}. */
export interface StoredForm {
  _id: FormId;
  accountId: AccountId;
  /** Its decimal id in the API under /1 */
  number: number;
  token: string;
  settings: FormSettings;
  createdAt: Date;
  updatedAt: Date;
}

export const formSchema = z
  .object({
    id: idSchema('form'),
    number: numberSchema,
    settings: formSettings,
    url: z.string().meta({ description: 'The page, and where to post the form' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Form' });

export const formPayment = z.object({
  recordId: idSchema('record').meta({ description: 'The contact who pays' }),
  outcome: z.enum(FORM_OUTCOMES),
  data: z
    .record(z.string().max(100), z.json())
    .default({})
    .meta({ description: 'Facts that belong to it, at most 16 KiB as JSON; never card numbers' }),
});
export const formPaymentSchema = z
  .object({ outcome: z.enum(FORM_OUTCOMES), purchase: recordSchema.nullable(), transaction: recordSchema.nullable() })
  .meta({ id: 'FormPayment' });

/** Names that a post has beside the fields; no field id holds a hyphen, and `uid` is Ontraport's. */
export const FORM_EXTRAS = {
  /** Invisible: who fills it in is a program */
  trap: 'hl-website',
  /** Made for each page: the same one twice is one submission */
  submission: 'hl-submission',
  card: 'hl-card',
  /** The token of the form that is posted, at the address that all forms share */
  uid: 'uid',
} as const;
