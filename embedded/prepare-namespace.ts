import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';

/** Numbers of Temporal's `IndexedValueType` by the names its command line uses. */
const INDEXED_VALUE_TYPES: Record<string, number> = {
  Text: 1,
  Keyword: 2,
  Int: 3,
  Double: 4,
  Bool: 5,
  Datetime: 6,
  KeywordList: 7,
};

const DAY_MS = 86_400_000;

/**
 * Gives a namespace the search attributes that it lacks and its retention. Needed at every start: the dev server
 * ignores the flag for a search attribute when its database file exists already, and keeps closed workflows for a day.
 *
 * @throws gRPC errors
 */
export async function prepareNamespace(
  connection: Connection,
  wanted: { namespace: string; searchAttributes: Record<string, string>; retentionDays: number },
): Promise<void> {
  const { namespace } = wanted;
  const present = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(wanted.searchAttributes)
    .filter(([name]) => present.customAttributes?.[name] === undefined)
    .map(([name, type]) => [name, INDEXED_VALUE_TYPES[type]]);
  if (missing.length > 0) {
    const searchAttributes = Object.fromEntries(missing);
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  }
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: msToTs(wanted.retentionDays * DAY_MS) },
  });
}
