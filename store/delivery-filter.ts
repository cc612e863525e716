import { idAt } from '../lib/ids';
import { OUTCOME_CLASSES } from '../schemas/delivery';
import type { DeliveryFilter, LiveFilter, StatusRange } from '../schemas/delivery-filter';
import type { AccountId } from '../schemas/ids';

/** A condition on one field of a row, as MongoDB takes it. */
type Conditions = Record<string, unknown>;

/** Simple filters in the order in which an index is chosen for them: the one that leaves the fewest rows comes first. */
const INDEXED = [
  'source.entryId',
  'recordId',
  'source.subscriptionId',
  'source.ruleId',
  'webhookId',
  'source.formId',
  'host',
  'source.mapId',
  'class',
  'status',
];

/** A filter as two steps: what an index finds, and what each row found is held against. */
export interface NarrowedDeliveries {
  /** Equality on the fields of one index, which all begin with the account and end with the id */
  where: Conditions;
  /** null when the index says it all */
  rest: Conditions | null;
  /** Ids from here on */
  from: string | undefined;
  /** Ids before this one */
  to: string | undefined;
}

/**
 * Chooses the index for a filter.
 *
 * @source docs/webhook-log.md#filters
 */
export function narrowDeliveries(accountId: AccountId, filter: DeliveryFilter): NarrowedDeliveries {
  const conditions = { ...conditionsOf(withClass(filter)), ...textConditionOf(filter.text) };
  const driving = INDEXED.find((field) => field in conditions);
  const rest = Object.entries(conditions).filter(([field]) => field !== driving);
  return {
    where: { accountId, ...(driving ? { [driving]: conditions[driving] } : {}) },
    rest: rest.length > 0 ? Object.fromEntries(rest) : null,
    from: filter.from && idAt('delivery', filter.from),
    to: filter.to && idAt('delivery', filter.to),
  };
}

const FAULTS = OUTCOME_CLASSES.filter((outcome) => outcome !== 'success');

/** A 2xx answer is a success and nothing else is: codes say something of the class, which has an index. */
function withClass(filter: DeliveryFilter): DeliveryFilter {
  if (!filter.responseStatus || filter.class) return filter;
  if (filter.responseStatus.every(({ from, to }) => from >= 200 && to < 300)) return { ...filter, class: ['success'] };
  return filter.responseStatus.every(({ from, to }) => to < 200 || from >= 300) ? { ...filter, class: FAULTS } : filter;
}

/**
 * Conditions of the simple filters, by the field of the row they are about.
 *
 * @param prefix put before each field: `fullDocument.` for changes
 */
export function conditionsOf(filter: LiveFilter, prefix = ''): Conditions {
  const { responseStatus, minAttempts } = filter;
  const conditions: Conditions = {
    'source.entryId': filter.entryId,
    recordId: filter.recordId,
    webhookId: filter.webhookId,
    host: filter.host,
    'source.mapId': filter.mapId,
    'source.ruleId': filter.ruleId,
    'source.formId': filter.formId,
    'source.subscriptionId': filter.subscriptionId,
    class: oneOf(filter.class),
    status: oneOf(filter.status),
    'source.type': oneOf(filter.type),
    ...(minAttempts === undefined ? {} : { [`attempts.${minAttempts - 1}`]: { $exists: true } }),
    ...(responseStatus ? { $and: [{ $or: responseStatus.map((range) => between(range, prefix)) }] } : {}),
  };
  return Object.fromEntries(
    Object.entries(conditions).flatMap(([field, value]) =>
      value === undefined ? [] : [[field.startsWith('$') ? field : `${prefix}${field}`, value]],
    ),
  );
}

const oneOf = (values: readonly string[] | undefined): unknown =>
  values === undefined || values.length === 1 ? values?.[0] : { $in: values };

const between = ({ from, to }: StatusRange, prefix: string): Conditions => ({
  [`${prefix}responseStatus`]: from === to ? from : { $gte: from, $lte: to },
});

const TEXTS = ['attempts.request.url', 'attempts.request.body', 'attempts.response.body', 'attempts.error'];

/** Matches rows with a text in what any attempt sent, was answered or failed with, whatever its case. */
export function textConditionOf(text: string | undefined): Conditions {
  if (text === undefined) return {};
  const literally = text.replace(/[^\p{L}\p{N}\s]/gu, (character) =>
    character.charCodeAt(0) < 128 ? `\\${character}` : character,
  );
  return { $or: TEXTS.map((field) => ({ [field]: { $regex: literally, $options: 'i' } })) };
}
