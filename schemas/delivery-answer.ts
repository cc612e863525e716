import { z } from 'zod';
import { attemptSchema, DELIVERY_STATUSES, OUTCOME_CLASSES } from './delivery';
import { SOURCE_TYPES } from './delivery-source';
import { idSchema } from './ids';
import { liveStateSchema } from './live-state';

const deliveryFields = z.object({
  id: idSchema('delivery'),
  webhookId: idSchema('webhook'),
  recordId: idSchema('record'),
  objectTypeId: z.number().int(),
  type: z.enum(SOURCE_TYPES),
  name: z.string().meta({ description: 'Name of the source' }),
  source: z.object({
    mapId: idSchema('map').nullable(),
    elementId: z.string().nullable(),
    entryId: idSchema('entry').nullable(),
    ruleId: idSchema('rule').nullable(),
    subscriptionId: idSchema('subscription').nullable(),
    eventId: idSchema('event').nullable(),
  }),
  status: z.enum(DELIVERY_STATUSES),
  class: z.enum(OUTCOME_CLASSES).nullable(),
  responseStatus: z.number().int().nullable(),
  nextAttemptAt: z.iso.datetime().nullable(),
  waitingFor: z
    .string()
    .nullable()
    .meta({ description: 'What it waits for: its turn, its slot, the next attempt, a pause to end' }),
  replays: z.number().int().meta({ description: 'How often it was replayed' }),
  isEdited: z.boolean().meta({ description: 'A person wrote the request of this delivery' }),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  host: z.string().nullable().meta({ description: 'Host of the latest request' }),
  bodiesRemovedAt: z.iso
    .datetime()
    .nullable()
    .meta({ description: 'When its bodies and headers were removed, by the retention of the account' }),
  workflowUrl: z.string().nullable().meta({ description: "The run in Temporal's Web UI" }),
});

/** A delivery with all its attempts, as it is shown. */
export const deliverySchema = deliveryFields.extend({ attempts: z.array(attemptSchema) }).meta({ id: 'Delivery' });
export const deliveryDetailSchema = deliverySchema
  .extend({ live: liveStateSchema.nullable() })
  .meta({ id: 'DeliveryDetail' });

/** Most characters of each body that a row of a list shows. */
export const LISTED_BODY_CHARS = 2048;
export const deliveryRowSchema = deliveryFields
  .extend({
    attemptCount: z.number().int(),
    lastAttempt: attemptSchema.nullable().meta({ description: 'The latest attempt, its bodies cut to 2 KiB' }),
  })
  .meta({ id: 'DeliveryRow' });
