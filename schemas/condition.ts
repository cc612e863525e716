import { z } from 'zod';
import { fieldId } from './field';
import { idSchema, type TagId } from './ids';

/** How a field is compared; `filled` and `empty` take no value. Source: reference section 2B, operators. */
export const FIELD_OPERATORS = [
  'equals',
  'not-equals',
  'greater',
  'less',
  'at-least',
  'at-most',
  'contains',
  'not-contains',
  'starts-with',
  'ends-with',
  'filled',
  'empty',
] as const;
export type FieldOperator = (typeof FIELD_OPERATORS)[number];

const comparedValue = z.union([z.string().max(1000), z.number(), z.boolean()]);

/** A question about a record: AND/OR/NOT groups over its fields and tags. */
export type Condition =
  | { kind: 'all'; of: Condition[] }
  | { kind: 'any'; of: Condition[] }
  | { kind: 'not'; of: Condition }
  | { kind: 'field'; fieldId: string; op: FieldOperator; value?: string | number | boolean | undefined }
  | { kind: 'tag'; op: 'has' | 'lacks'; tagId: TagId };

export const conditionSchema: z.ZodType<Condition> = z
  .lazy(() =>
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('all'), of: z.array(conditionSchema).min(1).max(50) }),
      z.object({ kind: z.literal('any'), of: z.array(conditionSchema).min(1).max(50) }),
      z.object({ kind: z.literal('not'), of: conditionSchema }),
      z.object({ kind: z.literal('field'), fieldId, op: z.enum(FIELD_OPERATORS), value: comparedValue.optional() }),
      z.object({ kind: z.literal('tag'), op: z.enum(['has', 'lacks']), tagId: idSchema('tag') }),
    ]),
  )
  .meta({ id: 'Condition' });
