import { z } from 'zod';
import { fieldId, fieldValueSchema } from './field';
import { objectTypeId } from './object-type';

const FIELDS_MAX = 100;

/** Actions that make a record. Source: docs/rules.md. */
export const recordActions = [
  z.object({
    kind: z.literal('create-record'),
    objectTypeId,
    fields: z
      .record(fieldId, fieldValueSchema)
      .refine((fields) => Object.keys(fields).length <= FIELDS_MAX, `must be at most ${FIELDS_MAX} fields`)
      .default({})
      .meta({ description: 'Values by field; texts may hold merge fields of the record: {"name": "[First Name]"}' }),
    relate: fieldId.optional().meta({
      description: 'Field of type "parent" of the new record, which then leads back to the record of the rule',
    }),
  }),
  z.object({
    kind: z.literal('add-note'),
    text: z.string().trim().min(1).max(20_000).meta({ description: 'With merge fields: Asked for [Company]' }),
  }),
] as const;
