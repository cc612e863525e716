import { z } from 'zod';
import { fieldId, fieldValueSchema } from './field';

export const MAPPED_TYPES = ['text', 'number', 'boolean', 'json'] as const;
export type MappedType = (typeof MAPPED_TYPES)[number];

/** Name of a value that an entry carries, for merge fields such as `[Entry//order_id]`. */
export const variableName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'must start with a letter and hold only a-z, 0-9 and _ (at most 64)');

/** Most bytes (JSON in UTF-8) that the log keeps of one mapped answer: under 8 KiB in all. */
export const MAPPED_BYTES_MAX = { values: 6 * 1024, problems: 1800 };
const DEFAULT_CHARS_MAX = 1000;

const row = z.object({
  path: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .meta({ description: "Where the value is in the answer: $.data.items[0].id, $['a b']", examples: ['$.data.id'] }),
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('field'), fieldId }),
    z.object({ kind: z.literal('variable'), name: variableName }),
  ]),
  type: z
    .enum(MAPPED_TYPES)
    .optional()
    .meta({ description: 'What the value is made into; as it is in the answer unless given' }),
  default: fieldValueSchema
    .refine(
      (value) => JSON.stringify(value).length <= DEFAULT_CHARS_MAX,
      `must be at most ${DEFAULT_CHARS_MAX} characters`,
    )
    .optional()
    .meta({ description: 'Value when the answer has none, or one that does not fit; without it nothing changes' }),
});

/** What is taken from a 2xx answer into the record and the entry. Source: docs/response-mapping.md */
export const responseMappingSchema = z.array(row).max(20).meta({
  id: 'ResponseMapping',
  description: 'Values of a 2xx answer (JSON) that go into fields of the record and variables of the entry',
});
export type ResponseMapping = z.output<typeof responseMappingSchema>;
export type ResponseMappingRow = ResponseMapping[number];

/** What the rows found in one answer, at most 8 KiB in all. */
export const mappedSchema = z
  .object({
    fields: z.record(z.string(), fieldValueSchema),
    variables: z.record(z.string(), fieldValueSchema),
    problems: z.array(z.string()).meta({ description: 'Why a row found nothing, or took its default' }),
  })
  .meta({ id: 'MappedAnswer' });
export type Mapped = z.output<typeof mappedSchema>;
