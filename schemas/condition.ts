import { z } from 'zod';
import { fieldId } from './field';
import { idSchema, type MapId, type RecordId, type TagId } from './ids';
import { type RelativeDate, relativeDate } from './relative-date';
import { variableName } from './response-mapping';

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

/** How a number, a sum of money or a relative date is compared. */
export const AMOUNT_OPERATORS = ['equals', 'not-equals', 'greater', 'less', 'at-least', 'at-most'] as const;
export type AmountOperator = (typeof AMOUNT_OPERATORS)[number];

/** `count`: pieces bought; `spent`: what they cost, in the account's money. */
export const PURCHASE_MEASURES = ['count', 'spent'] as const;
export type PurchaseMeasure = (typeof PURCHASE_MEASURES)[number];

/** How a record may stand on a map. `paused` and `active` are both on it. */
export const MAP_OPERATORS = ['on', 'not-on', 'paused', 'active'] as const;
export type MapOperator = (typeof MAP_OPERATORS)[number];

/** How days are compared. */
export const DAY_OPERATORS = ['on', 'before', 'after'] as const;
export type DayOperator = (typeof DAY_OPERATORS)[number];

export const SPAN_UNITS = ['days', 'weeks', 'months'] as const;
export type SpanUnit = (typeof SPAN_UNITS)[number];

/** What a person may have done with an e-mail. */
export const EMAIL_DEEDS = ['opened', 'clicked'] as const;
export type EmailDeed = (typeof EMAIL_DEEDS)[number];

type PlainValue = string | number | boolean;
export type ComparedValue = PlainValue | RelativeDate;
const plainValues = [z.string().max(1000), z.number(), z.boolean()] as const;
const comparedValue = z.union([...plainValues, relativeDate]);

/** A question about a record: AND/OR/NOT groups over its fields, tags, maps, purchases and e-mails, and what its entry carries. */
export type Condition =
  | { kind: 'all'; of: Condition[] }
  | { kind: 'any'; of: Condition[] }
  | { kind: 'not'; of: Condition }
  | { kind: 'field'; fieldId: string; op: FieldOperator; value?: ComparedValue | undefined }
  | { kind: 'tag'; op: 'has' | 'lacks'; tagId: TagId }
  | { kind: 'map'; op: MapOperator; mapId: MapId }
  /** The day, in the account's zone, on which an entry began that is active; `date` is YYYY-MM-DD */
  | { kind: 'joined-map'; mapId: MapId; op: DayOperator; date: string }
  /** Whether an entry that is active began so long ago, or longer */
  | { kind: 'on-map-for'; mapId: MapId; amount: number; unit: SpanUnit }
  | {
      kind: 'purchases';
      measure: PurchaseMeasure;
      /** Any product when absent */
      productId?: RecordId | undefined;
      op: AmountOperator;
      value: number;
    }
  /** How often e-mails were opened, or links in them clicked; any e-mail when `messageId` is absent */
  | { kind: 'email'; did: EmailDeed; messageId?: string | undefined; op: AmountOperator; value: number }
  /** What an answer of a webhook has given the entry; only condition elements of maps have one */
  | { kind: 'variable'; name: string; op: FieldOperator; value?: PlainValue | undefined };
/** A part of a condition that is no group. */
export type ConditionLeaf = Exclude<Condition, { kind: 'all' | 'any' | 'not' }>;

/** Whether a field is compared as numbers, sums and dates are. */
export const isAmountOperator = (op: FieldOperator): op is AmountOperator =>
  (AMOUNT_OPERATORS as readonly string[]).includes(op);

export const conditionSchema: z.ZodType<Condition> = z
  .lazy(() =>
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('all'), of: z.array(conditionSchema).min(1).max(50) }),
      z.object({ kind: z.literal('any'), of: z.array(conditionSchema).min(1).max(50) }),
      z.object({ kind: z.literal('not'), of: conditionSchema }),
      z
        .object({ kind: z.literal('field'), fieldId, op: z.enum(FIELD_OPERATORS), value: comparedValue.optional() })
        .refine(({ op, value }) => typeof value !== 'object' || isAmountOperator(op), {
          path: ['op'],
          message: `must be one of ${AMOUNT_OPERATORS.join(', ')} where the value is a relative date`,
        }),
      z.object({ kind: z.literal('tag'), op: z.enum(['has', 'lacks']), tagId: idSchema('tag') }),
      z.object({ kind: z.literal('map'), op: z.enum(MAP_OPERATORS), mapId: idSchema('map') }),
      z.object({
        kind: z.literal('joined-map'),
        mapId: idSchema('map'),
        op: z.enum(DAY_OPERATORS),
        date: z.iso.date().meta({ description: "A day in the account's zone" }),
      }),
      z.object({
        kind: z.literal('on-map-for'),
        mapId: idSchema('map'),
        amount: z.number().int().min(0).max(3650),
        unit: z.enum(SPAN_UNITS),
      }),
      z.object({
        kind: z.literal('purchases'),
        measure: z.enum(PURCHASE_MEASURES).meta({ description: 'Pieces bought, or what was spent on them' }),
        productId: idSchema('record').optional().meta({ description: 'Only this product; all of them when absent' }),
        op: z.enum(AMOUNT_OPERATORS),
        value: z.number().min(0),
      }),
      z.object({
        kind: z.literal('email'),
        did: z.enum(EMAIL_DEEDS),
        messageId: z
          .string()
          .trim()
          .min(1)
          .max(100)
          .optional()
          .meta({ description: 'Only this message; all of them when absent' }),
        op: z.enum(AMOUNT_OPERATORS),
        value: z.number().min(0),
      }),
      z.object({
        kind: z.literal('variable'),
        name: variableName.meta({ description: 'Of the entry, as a response mapping names it' }),
        op: z.enum(FIELD_OPERATORS),
        value: z.union(plainValues).optional(),
      }),
    ]),
  )
  .meta({ id: 'Condition' });
