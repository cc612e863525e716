import { z } from 'zod';

/** Types of field, in Ontraport's words; `parent` is a relation to another record. Source: reference "Object model", row 70. */
export const FIELD_TYPES = [
  'text',
  'longtext',
  'email',
  'phone',
  'sms',
  'address',
  'state',
  'country',
  'timezone',
  'url',
  'numeric',
  'price',
  'check',
  'fulldate',
  'drop',
  'list',
  'parent',
] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** What a field of a record may hold. Dates are ISO 8601 in UTC; a `list` holds option names; null is "empty". */
export const fieldValueSchema = z.union([
  z.string().max(65_535),
  z.number(),
  z.boolean(),
  z.array(z.string().max(255)).max(500),
  z.null(),
]);
export type FieldValue = z.output<typeof fieldValueSchema>;
export type FieldValues = Record<string, FieldValue>;

export const fieldId = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'must start with a letter and hold only a-z, 0-9 and _ (at most 64)');

const OBJECT_TYPE_MAX = 1_000_000;

export const fieldSchema = z
  .object({
    id: fieldId.meta({ description: 'Name in the API, for example "firstname"' }),
    label: z
      .string()
      .trim()
      .min(1)
      .max(80)
      .regex(/^[^[\]\r\n|/]+$/, 'must not hold [ ] | / or line breaks, since merge fields name it')
      .meta({ description: 'Name on the screen and in merge fields: [First Name]' }),
    type: z.enum(FIELD_TYPES),
    options: z
      .array(z.string().trim().min(1).max(255))
      .max(500)
      .optional()
      .meta({ description: 'Choices of a "drop" or "list" field' }),
    objectTypeId: z.number().int().min(0).max(OBJECT_TYPE_MAX).optional().meta({
      description:
        'Object type of the records that a "parent" field leads to; merge fields: [Label of the field//Name]',
    }),
  })
  .refine((field) => (field.type === 'parent') === (field.objectTypeId !== undefined), {
    path: ['objectTypeId'],
    message: 'belongs to fields of type "parent", which must name the object type they lead to; others must not',
  })
  .refine((field) => field.type !== 'parent' || field.label.toLowerCase() !== 'entry', {
    path: ['label'],
    message: 'must not be "Entry" here, since [Entry//...] names variables of the entry; choose another label',
  })
  .meta({ id: 'Field' });
export type Field = z.output<typeof fieldSchema>;
