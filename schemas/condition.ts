import { z } from 'zod';
import { fieldId } from './field';
import { idSchema, type MapId, type RecordId, type TagId } from './ids';

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

/** How a number of purchases or a sum of money is compared. */
export const AMOUNT_OPERATORS = ['equals', 'not-equals', 'greater', 'less', 'at-least', 'at-most'] as const;
export type AmountOperator = (typeof AMOUNT_OPERATORS)[number];

/** `count`: pieces bought; `spent`: what they cost, in the account's money. */
export const PURCHASE_MEASURES = ['count', 'spent'] as const;
export type PurchaseMeasure = (typeof PURCHASE_MEASURES)[number];

const comparedValue = z.union([z.string().max(1000), z.number(), z.boolean()]);

/** A question about a record: AND/OR/NOT groups over its fields, its tags, the maps it is on and what it bought. */
export type Condition =
  | { kind: 'all'; of: Condition[] }
  | { kind: 'any'; of: Condition[] }
  | { kind: 'not'; of: Condition }
  | { kind: 'field'; fieldId: string; op: FieldOperator; value?: string | number | boolean | undefined }
  | { kind: 'tag'; op: 'has' | 'lacks'; tagId: TagId }
  | { kind: 'map'; op: 'on' | 'not-on'; mapId: MapId }
  | {
      kind: 'purchases';
      measure: PurchaseMeasure;
      /** Any product when absent */
      productId?: RecordId | undefined;
      op: AmountOperator;
      value: number;
    };
/** A part of a condition that is no group. */
export type ConditionLeaf = Exclude<Condition, { kind: 'all' | 'any' | 'not' }>;

export const conditionSchema: z.ZodType<Condition> = z
  .lazy(() =>
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('all'), of: z.array(conditionSchema).min(1).max(50) }),
      z.object({ kind: z.literal('any'), of: z.array(conditionSchema).min(1).max(50) }),
      z.object({ kind: z.literal('not'), of: conditionSchema }),
      z.object({ kind: z.literal('field'), fieldId, op: z.enum(FIELD_OPERATORS), value: comparedValue.optional() }),
      z.object({ kind: z.literal('tag'), op: z.enum(['has', 'lacks']), tagId: idSchema('tag') }),
      z.object({ kind: z.literal('map'), op: z.enum(['on', 'not-on']), mapId: idSchema('map') }),
      z.object({
        kind: z.literal('purchases'),
        measure: z.enum(PURCHASE_MEASURES).meta({ description: 'Pieces bought, or what was spent on them' }),
        productId: idSchema('record').optional().meta({ description: 'Only this product; all of them when absent' }),
        op: z.enum(AMOUNT_OPERATORS),
        value: z.number().min(0),
      }),
    ]),
  )
  .meta({ id: 'Condition' });
