import { z } from 'zod';
import { type AccountId, idSchema, type KeyId, type WebhookId } from './ids';

/** How long the webhook log is kept, in days from the end of each delivery. Source: docs/webhook-log.md#retention */
export const retentionSchema = z
  .object({
    bodyDays: z.number().int().min(1).max(3650).meta({ description: 'Days that bodies and headers are kept' }),
    rowDays: z
      .number()
      .int()
      .min(1)
      .max(3650)
      .meta({ description: 'Days that rows are kept; not fewer than bodyDays' }),
  })
  .meta({ id: 'Retention' });
export type Retention = z.output<typeof retentionSchema>;

/** What holds until an account says otherwise. */
export const RETENTION_DEFAULT: Retention = { bodyDays: 30, rowDays: 90 };

/** Parts of the product that are off until an account switches them on. Source: docs/rules.md. */
export const featuresSchema = z
  .object({
    globalRules: z.boolean().meta({ description: 'Global rules act, under every object type' }),
    formRules: z.boolean().meta({ description: 'Rules of forms ("Always-on rules") act' }),
  })
  .meta({ id: 'Features' });
export type Features = z.output<typeof featuresSchema>;
export const FEATURES_DEFAULT: Features = { globalRules: false, formRules: false };

/** What holds until an account says otherwise: dates are looked at at 9 o'clock UTC, and nothing waits to settle. */
export const CLOCK_DEFAULT = { timezone: 'UTC', dateHour: 9, settleSeconds: 0 } as const;
const timezone = z
  .string()
  .min(1)
  .max(60)
  .meta({ description: 'IANA name of the zone of dates, for example "America/New_York"' });
const dateHour = z
  .number()
  .int()
  .min(0)
  .max(23)
  .meta({ description: 'Hour of the day in that zone, 0 to 23, at which dates are looked at' });
const settleSeconds = z.number().int().min(0).max(60).meta({
  description:
    'Seconds of quiet that a new record must have before anything hears of it, 0 to 60; for clients that save field by field',
});

const smsWebhookId = idSchema('webhook').nullable().meta({
  description:
    'The webhook that SMS are sent through, with [Message//To] and [Message//Body]; null keeps them in the inbox',
});

/** The tenant; every stored document and every query carries its id. */
export interface StoredAccount {
  _id: AccountId;
  name: string;
  /** Sent as `Api-Appid` */
  appId: string;
  /** Decimal id in answers of the API under /1 */
  number: number;
  /** The account's inbox stands at /inbox/{inboxToken} */
  inboxToken: string;
  settings: {
    allowHttp: boolean;
    /** Unset in accounts of before it could be set */
    retention?: Retention;
    /** Switches for what is off unless an account wants it */
    features?: Features;
    timezone?: string;
    dateHour?: number;
    settleSeconds?: number;
    /** The webhook that SMS are handed to; they stay in the inbox without one */
    smsWebhookId?: WebhookId | null;
  };
  /** The retention that the rows there have been counted by; unset until the first sweep */
  appliedRetention?: Retention;
  createdAt: Date;
}

/** An API key; only its keyed hash is stored. */
export interface StoredKey {
  _id: KeyId;
  accountId: AccountId;
  name: string;
  hash: string;
  hint: string;
  createdAt: Date;
}

export const newKey = z.object({ name: z.string().trim().min(1).max(100) });
export const keySchema = z
  .object({
    id: idSchema('key'),
    name: z.string(),
    hint: z.string().meta({ description: 'Last four characters' }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Key' });
export const createdKeySchema = keySchema
  .extend({
    apiKey: z.string().meta({ description: 'Shown this once; send it as Api-Key' }),
    appId: z.string().meta({ description: 'Send it as Api-Appid' }),
  })
  .meta({ id: 'CreatedKey' });

export const accountSchema = z
  .object({
    id: idSchema('account'),
    name: z.string(),
    appId: z.string(),
    settings: z.object({
      allowHttp: z.boolean().meta({ description: 'Webhooks may go to http: addresses; set by the installation' }),
      retention: retentionSchema,
      features: featuresSchema,
      timezone,
      dateHour,
      settleSeconds,
      smsWebhookId,
    }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Account' });

/** What is absent stays as it is. */
export const accountEdit = z.object({
  name: z.string().trim().min(1).max(100).optional(),
  settings: z
    .strictObject({
      retention: retentionSchema.partial().strict().meta({ id: 'RetentionEdit' }),
      features: featuresSchema.partial().strict().meta({ id: 'FeaturesEdit' }),
      timezone,
      dateHour,
      settleSeconds,
      smsWebhookId,
    })
    .partial()
    .optional(),
});
