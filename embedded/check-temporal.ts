import type { Connection } from '@temporalio/client';
import { isOlder } from './probe-version';
import { NAMESPACE, SEARCH_ATTRIBUTES, TEMPORAL_SERVER_AT_LEAST } from './temporal-settings';

/** Task queue that must have one partition for a rate to be kept exactly. */
const RATED_QUEUE = 'webhooks';

/**
 * What a Temporal server, embedded or not, lacks of what we need, as far as it can be seen from outside: its version,
 * its partitions per task queue (which shows that the dynamic configuration arrived), its search attributes.
 *
 * @param where namespace, and search attributes by name; those of the embedded server if absent
 * @returns one sentence per shortcoming; empty = all is well
 * @throws  gRPC errors when it does not answer
 */
export async function checkTemporal(
  connection: Connection,
  where: { namespace?: string; searchAttributes?: Record<string, string> } = {},
): Promise<string[]> {
  const { namespace = NAMESPACE, searchAttributes = SEARCH_ATTRIBUTES } = where;
  const problems: string[] = [];
  const { serverVersion } = await connection.workflowService.getSystemInfo({});
  if (isOlder(serverVersion ?? '', TEMPORAL_SERVER_AT_LEAST)) {
    problems.push(`The Temporal server must be ${TEMPORAL_SERVER_AT_LEAST} or newer, this is ${serverVersion}.`);
  }
  const partitions = await connection.workflowService
    .listTaskQueuePartitions({ namespace, taskQueue: { name: RATED_QUEUE } })
    .then((answer) => answer.activityTaskQueuePartitions?.length ?? 0);
  if (partitions !== 1) {
    problems.push(
      `Temporal's task queue "${RATED_QUEUE}" has ${partitions} partitions and must have one: ` +
        'set the dynamic configuration matching.numTaskqueueReadPartitions and ...WritePartitions to 1.',
    );
  }
  const present = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.keys(searchAttributes).filter((name) => present.customAttributes?.[name] === undefined);
  if (missing.length > 0) problems.push(`Temporal's namespace lacks the search attributes ${missing.join(', ')}.`);
  return problems;
}
