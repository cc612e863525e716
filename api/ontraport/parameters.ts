import { z } from 'zod';

const IDS_MAX = 500;
const RANGE_DEFAULT = 50;
const RANGE_MAX = 250;

/** A whole number, as JSON or as text. */
export const whole = (min: number, max: number) =>
  z.preprocess(
    (given) => (typeof given === 'string' && /^\s*\d+\s*$/.test(given) ? Number(given) : given),
    z.number().int().min(min).max(max),
  );

/** A decimal id. */
export const decimalId = whole(0, Number.MAX_SAFE_INTEGER).meta({ description: 'Decimal id' });
export const objectID = whole(0, 1_000_000).meta({
  description: 'Object type: 0 contacts, 149 deals, 150 companies, 16 products, 10000 and up the custom ones',
});

/** Several as one text with commas, as a list, or one alone. */
const several = (given: unknown): unknown =>
  typeof given === 'string'
    ? given
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean)
    : typeof given === 'number'
      ? [given]
      : given;

/** Ids, separated by commas or as a list. @param what they are: "Decimal ids" */
export const listOf = <T extends z.ZodType>(id: T, what: string) =>
  z
    .preprocess(several, z.array(id).min(1).max(IDS_MAX))
    .meta({ description: `${what}, separated by commas or as a list, at most ${IDS_MAX}` });

export const idList = listOf(decimalId, 'Decimal ids');
export const nameList = z
  .preprocess(
    (given) => (typeof given === 'string' ? several(given) : given),
    z.array(z.string().trim().min(1).max(100)).min(1).max(100),
  )
  .meta({ description: 'Names, separated by commas or as a list' });
/** A switch, in any of the ways in which clients write one. */
export const flag = z
  .preprocess(
    (given) => (typeof given === 'string' ? given.toLowerCase() : given),
    z.union([z.boolean(), z.literal([0, 1]), z.literal(['0', '1', 'true', 'false', ''])]),
  )
  .transform((given) => given === true || given === 1 || given === '1' || given === 'true')
  .meta({ description: '0 or 1' });

/** Before it no client means an instant: numbers below are something else, such as days. */
const EARLIEST_SECONDS = 100_000_000;

/** An instant as Unix seconds; a text in ISO 8601 is taken, too. Read as ISO 8601. */
export const instant = z
  .union([z.number(), z.string()])
  .transform((given, context) => {
    const isSeconds = typeof given === 'number' || /^\s*\d+(\.\d+)?\s*$/.test(given);
    const ms = isSeconds ? Number(given) * 1000 : Date.parse(given);
    const isMeant = Math.abs(ms) < 8.64e15 && (!isSeconds || Number(given) >= EARLIEST_SECONDS);
    if (isMeant) return new Date(ms).toISOString();
    context.addIssue({ code: 'custom', message: 'must be Unix seconds such as 1767225600' });
    return z.NEVER;
  })
  .meta({ description: 'Unix seconds' });

/** PHP writes an empty object as an empty list. */
const emptyAsObject = (given: unknown): unknown => (Array.isArray(given) && given.length === 0 ? {} : given);

/** What may come as JSON text, too; an empty text says nothing. @param example of the text, for the refusal */
export const jsonText = <T extends z.ZodType>(schema: T, example: string) =>
  z.preprocess((given, context) => {
    if (typeof given !== 'string') return emptyAsObject(given ?? {});
    if (given.trim() === '') return {};
    try {
      return emptyAsObject(JSON.parse(given));
    } catch {
      context.addIssue({ code: 'custom', message: `must be JSON text such as ${example}` });
      return z.NEVER;
    }
  }, schema);

/** A parameter that is left empty is not given. */
export const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((given) => (given === '' || given === null ? undefined : given), schema.optional());

const noGroups = optional(
  z.unknown().refine(() => false, 'there are no groups here; choose records by "ids", "condition" or "search"'),
).meta({ description: 'Not taken: there are no groups' });

/** Parameters of every collection. */
export const collectionShape = {
  ids: optional(idList),
  start: whole(0, 100_000_000).default(0).meta({ description: 'Rows to leave out' }),
  range: whole(1, RANGE_MAX)
    .default(RANGE_DEFAULT)
    .meta({
      description: `Most rows in one answer, 1 to ${RANGE_MAX}; where there are more, the header Link leads to the next`,
    }),
  sort: optional(z.string().max(100)).meta({ description: 'Field to sort by; the order of creation unless given' }),
  sortDir: optional(
    z.preprocess((given) => (typeof given === 'string' ? given.toLowerCase() : given), z.enum(['asc', 'desc'])),
  ).meta({
    description: 'asc or desc',
  }),
  condition: optional(z.string().max(65_535)).meta({
    description: 'JSON text: tests joined by "AND" and "OR", see docs/ontraport-api.md',
  }),
  search: optional(z.string().max(200)).meta({ description: 'Text in any text field, without regard to case' }),
  searchNotes: z.unknown().optional().meta({ description: 'Taken and left out of account' }),
  group_id: noGroups,
  group_ids: noGroups,
  performAll: flag.default(false).meta({ description: 'All rows, where no other choice is given' }),
  externs: z.unknown().optional().meta({ description: 'Taken and left out of account' }),
  listFields: optional(z.preprocess(several, z.array(z.string().max(100)).max(200))).meta({
    description: 'Fields to answer with, separated by commas; all unless given',
  }),
  count: flag.default(false).meta({ description: 'Adds "count" to the envelope: rows that match in all' }),
} as const;
export const collectionParameters = z.object(collectionShape);
export type CollectionParameters = z.output<typeof collectionParameters>;
