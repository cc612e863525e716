import { z } from 'zod';
import { DELIVERY_STATUSES, OUTCOME_CLASSES } from './delivery';
import { SOURCE_TYPES } from './delivery-source';
import { idSchema } from './ids';
import { pageQuery } from './page';

export const TEXT_CHARS_MAX = 200;

/** Several values of one query parameter, separated by commas; each mistake names the value and what is allowed. */
const several = <T extends string>(values: readonly T[], description: string) =>
  z
    .string()
    .transform((given, context): T[] => {
      const parts = given.split(',').map((part) => part.trim());
      for (const part of parts.filter((one) => !values.includes(one as T)))
        context.addIssue({
          code: 'custom',
          message: `has "${part.slice(0, 40)}"; must be one or several, separated by commas, of ${values.join(', ')}`,
        });
      return [...new Set(parts as T[])];
    })
    .meta({ description: `${description}: one or several, separated by commas, of ${values.join(', ')}` });

/** Both ends included. */
export interface StatusRange {
  from: number;
  to: number;
}

/** null for what is neither a code nor a class of codes. */
function toStatusRange(part: string): StatusRange | null {
  const [, hundreds, rest] = /^\s*([1-5])(\d\d|xx)\s*$/i.exec(part) ?? [];
  if (hundreds === undefined || rest === undefined) return null;
  const first = Number(hundreds) * 100;
  if (/x/i.test(rest)) return { from: first, to: first + 99 };
  return { from: first + Number(rest), to: first + Number(rest) };
}

/** The ranges of a text that `statusCodesSchema` has let through. */
export const toStatusRanges = (codes: string): StatusRange[] =>
  codes.split(',').flatMap((part) => toStatusRange(part) ?? []);

/** Codes and classes of codes as a caller writes them. */
export const statusCodesSchema = z
  .string()
  .superRefine((given, context) => {
    for (const part of given.split(',').filter((one) => toStatusRange(one) === null)) {
      const message = `has "${part.slice(0, 40)}"; must be codes such as 404 or classes such as 5xx, separated by commas`;
      context.addIssue({ code: 'custom', message });
    }
  })
  .meta({
    description: 'HTTP status of the latest answer: 404, or 5xx for all of a kind; several separated by commas',
  });

export const hostSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(
    /^(\[[0-9a-f:.]+\]|[^\s:/?#@[\]]+)$/,
    'must be a host alone, such as example.com, without scheme, port or path',
  )
  .meta({ description: 'Host of the latest request, such as example.com' });

const instant = (description: string) =>
  z.iso
    .datetime({ offset: true, message: 'must be an instant such as 2026-01-31T12:00:00Z' })
    .transform((text) => new Date(text))
    .refine((at) => at.getTime() >= 0, 'must be 1970 or later')
    .meta({ description });

/** In what was sent and answered. */
export const logTextSchema = z
  .string()
  .min(1)
  .max(TEXT_CHARS_MAX)
  .meta({ description: 'In the URL, a body or the error of any attempt; upper and lower case are the same' });

/** Filters that can be decided from the row alone; those of the live tail. */
const simple = {
  status: several(DELIVERY_STATUSES, 'Where the delivery stands').optional(),
  class: several(OUTCOME_CLASSES, 'How the latest attempt ended').optional(),
  responseStatus: statusCodesSchema.transform(toStatusRanges).optional(),
  type: several(SOURCE_TYPES, 'What sent it').optional(),
  mapId: idSchema('map').optional(),
  webhookId: idSchema('webhook').optional(),
  recordId: idSchema('record').optional(),
  entryId: idSchema('entry').optional(),
  ruleId: idSchema('rule').optional().meta({ description: 'Of a global rule or of one of a form' }),
  formId: idSchema('form').optional().meta({ description: 'Of any rule of this form' }),
  subscriptionId: idSchema('subscription').optional().meta({ description: 'Of a subscription, its tests included' }),
  host: hostSchema.optional(),
  minAttempts: z.coerce.number().int().min(1).max(10).optional().meta({ description: 'At least so many attempts' }),
};

const whole = {
  ...simple,
  from: instant('Created at this instant or later').optional(),
  to: instant('Created before this instant').optional(),
  text: logTextSchema.optional(),
};

export const isInOrder = ({ from, to }: { from?: Date | undefined; to?: Date | undefined }): boolean =>
  !from || !to || from < to;
export const OUT_OF_ORDER = { path: ['to'], message: 'must be later than "from"' };

export const liveQuery = z.object(simple);
export type LiveFilter = z.output<typeof liveQuery>;
export const deliveryListQuery = z.object({ ...pageQuery.shape, ...whole }).refine(isInOrder, OUT_OF_ORDER);

export const EXPORT_FORMATS = ['csv', 'ndjson'] as const;
export const deliveryExportQuery = z
  .object({ format: z.enum(EXPORT_FORMATS).default('csv').meta({ description: 'csv or ndjson' }), ...whole })
  .refine(isInOrder, OUT_OF_ORDER);

/** Filters of the webhook log; what is absent does not narrow. All must hold; of several values one. */
export type DeliveryFilter = z.output<z.ZodObject<typeof whole>>;
